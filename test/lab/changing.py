"""A fleet that changes: shell commands carried out in its hosts one after the other, the hosts' links named anew afterwards."""

MARK = "command"


def carry_out(fleet, commands):
    """Runs each host's commands in their order, all hosts one after the other; gives what the kernel refused, by host."""
    refused = {}
    for name, lines in commands.items():
        script = "".join(f"{{ :\n{line}\n}} >/dev/null || echo '{MARK} {number}'\n" for number, line in enumerate(lines))
        process = fleet.hosts[name].start(["sh", "-c", f"exec 2>&1\n{script}"])
        output, _ = process.communicate()
        failed = [line for line in output.splitlines() if line]
        if failed:
            refused[name] = [_named(line, lines) for line in failed]
    return refused


def _named(line, lines):
    word, _, number = line.partition(" ")
    return f"refused: {lines[int(number)]}" if word == MARK and number.isdigit() else line
