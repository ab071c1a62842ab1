# SPDX-License-Identifier: MIT
"""mail - a mail server that takes every message, and notes who sent it.

usage: mail.py PORT FILE: a line "USER PASSWORD" in base64 for each login.
"""
import base64
import socketserver
import sys


class Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def note(self, response):
        _, user, password = base64.b64decode(response).split(b"\0")
        with open(sys.argv[2], "ab") as notes:
            notes.write(base64.b64encode(user) + b" " +
                        base64.b64encode(password) + b"\n")

    def take_message(self):
        self.say("354 go on")
        while self.rfile.readline() not in (b".\r\n", b""):
            pass
        self.say("250 taken")

    def handle(self):
        self.say("220 here")
        for line in self.rfile:
            verb = line.split()[0].upper()
            if verb == b"EHLO":
                self.wfile.write(b"250-here\r\n250 AUTH PLAIN\r\n")
            elif verb == b"AUTH":
                self.note(line.split()[2])
                self.say("235 welcome")
            elif verb == b"DATA":
                self.take_message()
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 well")


class Server(socketserver.TCPServer):
    allow_reuse_address = True


Server(("127.0.0.1", int(sys.argv[1])), Session).serve_forever()
