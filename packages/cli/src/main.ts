import { openHostProcess } from './host.ts';
import { runProgram } from './program.ts';

const own = openHostProcess();
const hasSucceeded = await runProgram(own.host, own.args);
const failureCode = own.host.interrupted.aborted ? 130 : 1;
await own.exit(hasSucceeded && !own.hasFailed ? 0 : failureCode);
