import { each, groupBy, type Invariant } from './evidence.ts';

export const oneUserPerEmail: Invariant = ({ emails }) =>
  each(
    groupBy(emails, (email) => email.trim().toLowerCase()),
    ([email, accounts]) => (accounts.length === 1 ? undefined : `${accounts.length} accounts have ${email}`),
  );
