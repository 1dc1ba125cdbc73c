export { startEmbedded } from './embedded.ts';
export { prepareDatabase, schemaChecksum } from './migrate.ts';
export { tableOf, type Column, type Table } from './tables.ts';
export { NO_COMMUNITY, TenantPool, currentCommunity, tenantPrisma, withCommunity, type Prisma } from './tenant.ts';
export { Prisma as Sql } from './generated/client/client.ts';
export * from './generated/client/enums.ts';
export { getDatamodel, type default as PrismaTypes } from './generated/pothos.ts';
