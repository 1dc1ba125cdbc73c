import type { IncomingMessage } from 'node:http';
import { withCommunity } from '@kith/db';
import { localId } from '../builder.ts';
import { can } from '../communities/capabilities.ts';
import type { Config } from '../config.ts';
import { prisma } from '../db.ts';
import { badInput, forbidden, notFound, unauthenticated } from '../errors.ts';
import { contextOf } from '../graphql.ts';
import { sendJson } from '../http.ts';
import { defineUpload } from '../uploads.ts';
import { importRow } from './imports.ts';
import { receiveFile } from './staging.ts';

defineUpload('imports', async (request, response, id, config) => {
  const { viewer, member } = await contextOf(request, config);
  if (!viewer) throw unauthenticated();
  if (member?.state !== 'ACTIVE' || !can(member.roles, 'importRun')) throw forbidden('imports');
  const at = { communityId: member.communityId, importId: localId('Import', id) };
  await withCommunity(member.communityId, async () => {
    const { kind } = await importRow(prisma, at);
    const community = await prisma.community.findUnique({ where: { id: at.communityId }, select: { slug: true } });
    if (!community) throw notFound('community');
    await receiveFile({ ...at, kind, slug: community.slug }, limited(request, config));
    const { state, rowsTotal } = await importRow(prisma, at);
    sendJson(response, 200, { id, state, rowsTotal });
  });
});

async function* limited(
  request: IncomingMessage,
  { MAX_UPLOAD_BYTES }: Pick<Config, 'MAX_UPLOAD_BYTES'>,
): AsyncGenerator<Buffer> {
  const tooLarge = () =>
    badInput(`The file is larger than ${MAX_UPLOAD_BYTES} bytes: send it in parts, each with the first line.`);
  if (Number(request.headers['content-length'] ?? 0) > MAX_UPLOAD_BYTES) throw tooLarge();
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_UPLOAD_BYTES) throw tooLarge();
    yield chunk;
  }
}
