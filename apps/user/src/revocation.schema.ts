import { Schema } from 'mongoose';

/** Access tokens that are good no more: those of a session, or those of a user from before `notBefore`. */
export interface RevocationDocument {
  /** `session:<sid>` or `user:<id>:<notBefore>`: said twice, it is the same. */
  _id: string;
  sid?: string;
  userId?: string;
  notBefore?: Date;
  until: Date;
}

export const REVOCATION = 'Revocation';

export const revocationSchema = new Schema<RevocationDocument>(
  {
    _id: { type: String, required: true },
    sid: String,
    userId: String,
    notBefore: Date,
    until: { type: Date, required: true },
  },
  { collection: 'revocations', versionKey: false },
);

revocationSchema.index({ until: 1 }, { expireAfterSeconds: 0 });
