import { randomBytes } from 'node:crypto';
import { clock } from './clock.ts';
import { grantPlatformAdministrator } from './communities/communities.ts';
import { ConfigurationError, readConfig } from './config.ts';
import { closeDatabase, outsideCommunities, prisma } from './db.ts';
import { Rejection } from './errors.ts';
import { emailAddress } from './identity/addresses.ts';
import { hashPassword } from './identity/passwords.ts';
import { newId } from './ids.ts';
import { startDatabase } from './kith.ts';
import { log } from './log.ts';
import { NO_COMMUNITY, withCommunity } from '@kith/db';

const USAGE = `Makes somebody an administrator of the installation, who may found communities.

  npm run administrator -- <e-mail>     a new user gets a password, which is shown once
`;

// The first administrator cannot be made over the API: nobody there has the right to.
try {
  const [given] = process.argv.slice(2);
  if (!given || given.startsWith('-')) process.stdout.write(USAGE);
  else await makeAdministrator(emailAddress(given));
} catch (error) {
  const isTold = error instanceof ConfigurationError || error instanceof Rejection;
  process.stderr.write(`\n${isTold ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 1;
}

async function makeAdministrator(email: string) {
  log.level = 'warn';
  const database = await startDatabase(readConfig(process.env));
  try {
    await withCommunity(NO_COMMUNITY, async () => {
      const known = await prisma.user.findUnique({ where: { email }, select: { id: true } });
      const { id, password } = known ? { ...known, password: null } : await newUser(email);
      await grantPlatformAdministrator(id);
      process.stdout.write(
        `${email} is an administrator of this installation${password ? `; the password is ${password}` : ''}.\n`,
      );
    });
  } finally {
    await closeDatabase();
    await database.stop();
  }
}

async function newUser(email: string) {
  const [id, password] = [newId(), randomBytes(15).toString('base64url')];
  const passwordHash = await hashPassword(password);
  // Whoever starts programs here is believed about the address.
  await outsideCommunities((tx) =>
    tx.user.create({ data: { id, email, name: email.split('@')[0]!, passwordHash, emailVerifiedAt: clock.now() } }),
  );
  return { id, password };
}
