export function interruptedOnce(): string {
  return "Interrupted: the run stops after this gate. What is begun is confirmed or taken back first. Press Ctrl-C again to leave at once: what is armed then stays armed, and its hosts take it back by themselves.";
}

export function interruptedBefore(): string {
  return "Interrupted: nothing was changed yet, and nothing will be.";
}

export function interruptedTwice(): string {
  return "Leaving. What is armed stays armed.";
}

export function hangUp(): string {
  return "The terminal is gone: the run stops after this gate. What is begun is confirmed or taken back first.";
}

export function mayGoOnQuestion(host: string): string {
  return `Go on with \`${host}\`? yes, or no to stop here and take the phase back: `;
}

export function confirmQuestion(phase: number, seconds: number): string {
  return `Phase ${phase} is switched and measured. Type \`confirm\` within ${seconds} s to keep it, \`abort\` to take everything back: `;
}

export function answerWanted(words: string): string {
  return `Expected ${words}.`;
}

export function blastRadius(radius: string, plan: string): string {
  return `This changes ${radius}.\nPlan ${plan}.`;
}

export function digestQuestion(length: number): string {
  return `Type the first ${length} characters of the digest, behind \`sha256:\`, to begin: `;
}

export function wrongDigest(): string {
  return "That is not the beginning of the digest.";
}

export function eventsLost(file: string, why: string): string {
  return `Events are no longer written to \`${file}\`: ${why}. The run goes on.`;
}

export function planChanged(): string {
  return "Expected the plan that was checked, found that the file has changed meanwhile.";
}

export function rollbackQuestion(run: string): string {
  return `Take run ${run} back entirely, with the files that it wrote? yes or no: `;
}

export function wishHeard(wish: "abort" | "confirm", run: string): string {
  return wish === "abort"
    ? `Run ${run} is asked to take everything back. \`pointsman status ${run}\` says how it goes.`
    : `Run ${run} has its confirmation. \`pointsman status ${run}\` says how it goes.`;
}

export function wishUnheard(wish: "abort" | "confirm", run: string): string {
  return wish === "abort"
    ? `Nobody works on run ${run}, so nobody hears this. \`pointsman rollback ${run}\` takes it back; a host that is not confirmed does so by itself.`
    : `Nobody works on run ${run}, so nobody hears this. \`pointsman resume ${run}\` brings it to a whole end.`;
}
