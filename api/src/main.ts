export {};

// graphql checks every value more thoroughly, and more slowly, unless it is told that this is no development of it.
process.env.NODE_ENV ??= 'production';
// Loaded after that: it is read once, when graphql is loaded.
const [{ startKith }, { ConfigurationError, readConfig }] = await Promise.all([
  import('./kith.ts'),
  import('./config.ts'),
]);

// A wrong setting is told in a sentence, not in a stack trace.
try {
  const kith = await startKith(readConfig(process.env));
  kith.announce();
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    void kith.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  const { code, message, stack } = error as Error & { code?: string };
  const told =
    code === 'EADDRINUSE'
      ? `PORT is taken by another program (${message}); set another one.`
      : error instanceof ConfigurationError
        ? message
        : stack;
  process.stderr.write(`\nKith did not start. ${told}\n`);
  process.exit(1);
}
