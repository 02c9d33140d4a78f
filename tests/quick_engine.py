"""Engines that are born ready: a process that has imported the engine once, and forks one for each question.

Importing numpy and scipy costs more than most rounds of the tests do. `python quick_engine.py serve SOCKET` is the
process that forks; `python quick_engine.py ask SOCKET` stands in for an engine of its own: what it was given to read
and to write goes to a fork, which ends when it does.
"""

import array
import os
import socket
import sys

READ_AND_WRITE = 3  # stdin, stdout, stderr


def ask(address: str) -> None:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        mine = array.array("i", range(READ_AND_WRITE))
        line.sendmsg([b"?"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, mine)])
        for number in mine:  # the end of what is written is the fork's to say
            os.close(number)
        code = line.recv(1)
    os._exit(code[0] if code else 1)


def serve(address: str) -> None:
    import signal

    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    from bot.pairing.engine import __main__ as engine

    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            line, _ = door.accept()
            if os.fork():
                line.close()
                continue
            door.close()
            be(engine.main, line)


def be(main: object, line: socket.socket) -> None:
    """Becomes an engine; never comes back."""
    code = 1
    try:
        given = array.array("i")
        _, [(_, _, sent)], _, _ = line.recvmsg(1, socket.CMSG_SPACE(READ_AND_WRITE * given.itemsize))
        given.frombytes(sent)
        for number, ours in enumerate(given):
            os.dup2(ours, number)
            os.close(ours)
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115 -- for all its life
        from threading import Thread

        Thread(target=end_with, args=[line], daemon=True).start()
        main()  # type: ignore[operator]
        code = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        line.send(bytes([code]))
        os._exit(code)


def end_with(line: socket.socket) -> None:
    """Whoever asked was killed: so is the answer."""
    if not line.recv(1):
        os._exit(1)


if __name__ == "__main__":
    {"ask": ask, "serve": serve}[sys.argv[1]](sys.argv[2])
