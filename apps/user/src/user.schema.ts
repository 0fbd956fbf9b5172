import { Role } from '@souk/contracts';
import { Schema } from 'mongoose';

export interface UserDocument {
  _id: string;
  /** Trimmed and in lower case, as the contracts deliver it. */
  email: string;
  name: string;
  role: Role;
  /** PHC string. */
  passwordHash: string;
  createdAt: Date;
  /** Sessions from before this moment have ended. */
  validSince?: Date;
}

export const USER = 'User';

export const userSchema = new Schema<UserDocument>(
  {
    _id: { type: String, required: true },
    email: { type: String, required: true },
    name: { type: String, required: true },
    role: { type: String, required: true, enum: Role.options },
    // Left out of every read that does not name it.
    passwordHash: { type: String, required: true, select: false },
    createdAt: { type: Date, required: true },
    validSince: Date,
  },
  { collection: 'users', versionKey: false },
);

// Decides between two that register one e-mail at the same time.
userSchema.index({ email: 1 }, { unique: true });
