import { randomUUID } from 'node:crypto';
import { authEndpoints } from '@souk/contracts';
import { z } from 'zod';
import type { Call, Subject } from '../history/call.ts';
import { askUntil, now, type Http, type Request } from './http.ts';

/** Access tokens last 15 min; half of a fault-free login's margin is left for logins that fail. */
const RENEW_AFTER_MS = 8 * 60_000;
const SETUP_MS = 30_000;

const LoggedIn = z.object({ user: z.object({ id: z.string() }), accessToken: z.string() });

/** One account, logged in; logs in again before its token runs out. */
export class Session {
  readonly #http: Http;
  readonly #account: { email: string; password: string };
  #userId = '';
  #token = '';
  #since = 0;
  #isRenewing = false;

  constructor(http: Http, account: { email: string; password: string }) {
    this.#http = http;
    this.#account = account;
  }

  /** A new customer. A registration whose answer was lost is followed by a login. */
  static async register(http: Http, index: number): Promise<Session> {
    const account = { email: `chaos-${index}-${randomUUID()}@souk.test`, password: randomUUID() };
    const body = { ...account, name: `Client ${index}` };
    const { path } = authEndpoints.register;
    await http.call('setup', { kind: 'account' }, { method: 'POST', path, body });
    const session = new Session(http, account);
    await session.open();
    return session;
  }

  get userId(): string {
    return this.#userId;
  }

  /** Logs in, for as long as it takes. Throws when that is too long. */
  async open(): Promise<void> {
    const last = await askUntil(
      () => this.#login(),
      ({ outcome }) => outcome === 'ok',
      SETUP_MS,
    );
    if (last.outcome !== 'ok') throw new Error(`${this.#account.email} cannot log in: ${last.status} ${last.code}`);
  }

  async ask(client: string, subject: Subject, request: Request): Promise<Call> {
    if (now() - this.#since > RENEW_AFTER_MS) void this.#renew();
    const mine = subject.kind === 'place' || subject.kind === 'cancel' || subject.kind === 'get';
    const about = mine ? { userId: this.#userId, ...subject } : subject;
    return this.#http.call(client, about, { ...request, token: this.#token });
  }

  async #renew(): Promise<void> {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    await this.#login();
    this.#isRenewing = false;
  }

  async #login(): Promise<Call> {
    const { path } = authEndpoints.login;
    const request = { method: 'POST', path, body: this.#account } as const;
    const call = await this.#http.call('login', { kind: 'account' }, request);
    if (call.body === undefined) return call;
    const { user, accessToken } = LoggedIn.parse(JSON.parse(call.body));
    this.#userId = user.id;
    this.#token = accessToken;
    this.#since = now();
    return call;
  }
}
