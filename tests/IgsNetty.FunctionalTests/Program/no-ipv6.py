# Becomes the program behind it, in a system where socket(AF_INET6, ...) fails with EAFNOSUPPORT, as in a kernel without IPv6.
import ctypes
import os
import platform
import struct
import sys

AUDIT_ARCH, SOCKET = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}[platform.machine()]
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
AF_INET6, EAFNOSUPPORT = 10, 97
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06

program = b"".join(struct.pack("HBBI", *instruction) for instruction in [
    (LOAD, 0, 0, 4),  # the architecture
    (JUMP_IF_EQUAL, 0, 4, AUDIT_ARCH),
    (LOAD, 0, 0, 0),  # the number of the call
    (JUMP_IF_EQUAL, 0, 2, SOCKET),
    (LOAD, 0, 0, 16),  # its first argument
    (JUMP_IF_EQUAL, 1, 0, AF_INET6),
    (RETURN, 0, 0, ALLOW),
    (RETURN, 0, 0, ERRNO | EAFNOSUPPORT),
])
instructions = ctypes.create_string_buffer(program)
filter_program = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(instructions))
libc = ctypes.CDLL(None, use_errno=True)
argument = ctypes.create_string_buffer(filter_program)
if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, argument, 0, 0) != 0:  # PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP
    sys.exit("no filter: " + os.strerror(ctypes.get_errno()))
os.execv(sys.argv[1], sys.argv[1:])
