import { readFileSync } from 'node:fs';

/** The most resident memory that the process ever had, in MiB: the kernel's own mark. Linux only; NaN elsewhere. */
export function readPeakMiB(pid: number): number {
  const status = readProc(pid, 'status');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** Processor time of all the process's threads so far, in seconds. Linux only; NaN elsewhere. */
export function readCpuSeconds(pid: number): number {
  // After the name, which may hold blanks: fields 14 and 15 of proc(5) are user and system time, in hundredths of a second.
  const fields = readProc(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
