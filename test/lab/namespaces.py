"""Network namespaces without names.

They are held by file descriptors of this process only, so the kernel frees every one of them (links, routes, traffic
and all) when the process ends, however it ends: there is nothing to clean up and nothing to leave behind.
"""

import ctypes
import os
import subprocess

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def _check(result, what):
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


class Namespace:
    """One network namespace. `with` enters it; a socket or process made inside stays there."""

    def __init__(self):
        home = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _check(_libc.unshare(CLONE_NEWNET), "expected to make a network namespace")
            self.fd = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        finally:
            _check(_libc.setns(home, CLONE_NEWNET), "expected to return to the first network namespace")
            os.close(home)
        self._home = []

    @property
    def path(self):
        """What `ip link add ... netns PATH` takes."""
        return f"/proc/{os.getpid()}/fd/{self.fd}"

    def __enter__(self):
        self._home.append(os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC))
        _check(_libc.setns(self.fd, CLONE_NEWNET), "expected to enter a network namespace")
        return self

    def __exit__(self, *exception):
        home = self._home.pop()
        _check(_libc.setns(home, CLONE_NEWNET), "expected to leave a network namespace")
        os.close(home)

    def close(self):
        os.close(self.fd)

    def start(self, arguments):
        """Starts a command inside, its input, output and errors piped as text."""
        with self:
            return subprocess.Popen(
                arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )

    def write(self, key, value):
        """Writes one sysctl below /proc/sys/net; False where the kernel refuses it or does not have it."""
        with self:
            try:
                with open(f"/proc/sys/net/{key}", "w", encoding="ascii") as file:
                    file.write(f"{value}\n")
                return True
            except OSError:
                return False
