// Run by mongosh as root, as often as one likes: makes the server a replica set of one, and the users of the services.
const { readFileSync } = require('node:fs');

const passwordOf = (user) => readFileSync(`/run/secrets/${user}`, 'utf8').trim();
const admin = db.getSiblingDB('admin');

try {
  rs.status();
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  rs.initiate({ _id: 'rs0', members: [{ _id: 0, host: 'mongodb:27017' }] });
}
while (!admin.hello().isWritablePrimary) sleep(200);

// Each service reads and writes its own database, and no other.
const roles = {
  user: [{ role: 'readWrite', db: 'souk_user' }],
  product: [{ role: 'readWrite', db: 'souk_product' }],
  order: [{ role: 'readWrite', db: 'souk_order' }],
  monitor: [
    { role: 'clusterMonitor', db: 'admin' },
    { role: 'read', db: 'local' },
  ],
};
for (const [user, granted] of Object.entries(roles)) {
  const details = { pwd: passwordOf(user), roles: granted };
  if (admin.getUser(user)) admin.updateUser(user, details);
  else admin.createUser({ user, ...details });
}
