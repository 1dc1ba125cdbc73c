import type { Reporter, TestModule } from 'vitest/node';

/** Ends every run with one plain line over all suites, for people and for continuous integration. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const brokenFiles = modules.filter(
      (module) => module.state() === 'failed' && [...module.children.allTests()].length === 0,
    ).length;
    // The default reporter prints after this hook; the line must be the last one.
    process.once('exit', () =>
      process.stdout.write(
        `\n${count('passed')} passed, ${count('failed') + brokenFiles} failed, ${count('skipped')} skipped\n`,
      ),
    );
  }
}
