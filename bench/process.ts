import { readdirSync, readFileSync } from 'node:fs'

/** CPU time of a process and its children, in microseconds. */
export function readCpuTime (pid: number): number {
  let nanoseconds = 0
  for (const task of listTasks(pid)) nanoseconds += Number(readFileSync(`${task}/schedstat`, 'utf8').split(' ', 1)[0])
  return nanoseconds / 1000
}

/** Memory of a process and its children, in MB: what they share with others is divided among them (PSS). */
export function readMemory (pid: number): number {
  let kilobytes = 0
  for (const process of listProcesses(pid)) {
    kilobytes += Number(/^Pss: +(\d+) kB$/m.exec(readFileSync(`/proc/${process}/smaps_rollup`, 'utf8'))?.[1])
  }
  return kilobytes * 1024 / 1e6
}

function listProcesses (pid: number): number[] {
  const children = tasksOf(pid).flatMap(task => readFileSync(`${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number))
  return [pid, ...children.flatMap(listProcesses)]
}

function listTasks (pid: number): string[] {
  return listProcesses(pid).flatMap(tasksOf)
}

function tasksOf (pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map(task => `/proc/${pid}/task/${task}`)
}
