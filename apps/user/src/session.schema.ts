import { Schema } from 'mongoose';

/** One login and the refresh tokens that came out of it. */
export interface SessionDocument {
  _id: string;
  userId: string;
  /** SHA-256 of the one token that is good, and of the one before it. */
  current: string;
  previous?: string;
  rotatedAt?: Date;
  createdAt: Date;
  expiresAt: Date;
  revokedAt?: Date;
}

export const SESSION = 'Session';

export const sessionSchema = new Schema<SessionDocument>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    current: { type: String, required: true },
    previous: String,
    rotatedAt: Date,
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    revokedAt: Date,
  },
  { collection: 'sessions', versionKey: false },
);

sessionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
