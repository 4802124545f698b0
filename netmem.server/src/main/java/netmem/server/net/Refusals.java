package netmem.server.net;

import netmem.api.Status;
import netmem.api.wire.FailureText;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Opcode;
import netmem.api.wire.Preface;
import netmem.api.wire.Reply;

/** What a connection of protocol version 1 is told when the server does not go on with it or with a frame of it. Pure. */
final class Refusals {
    private Refusals() {}

    static Reply.Failed of(MalformedFrameException e) {
        return new Reply.Failed(e.status(), e.actual(), e.expected(), String.valueOf(e.getMessage()));
    }

    static Reply.Failed badPreface(int magic) {
        return new Reply.Failed(
                Status.BAD_FRAME,
                Integer.toUnsignedLong(magic),
                Preface.MAGIC,
                FailureText.of("preface: magic", Integer.toUnsignedLong(magic), "NMEM,", Preface.MAGIC));
    }

    static Reply.Failed unsupportedVersion(int versionMin, int versionMax) {
        return new Reply.Failed(
                Status.UNSUPPORTED_VERSION,
                versionMin > versionMax ? versionMin : versionMax,
                Preface.VERSION,
                "protocol versions: lowest " + versionMin + ", highest " + versionMax + " (expected: lowest <= "
                        + Preface.VERSION + ", highest >= " + Preface.VERSION + ")");
    }

    static Reply.Failed noGreeting(int millis) {
        return new Reply.Failed(Status.BAD_FRAME, millis, millis, "no greeting within " + millis + " ms");
    }

    /** Whatever was received of the frame is dropped, and nothing of it was done. */
    static Reply.Failed noMemory(String why) {
        return new Reply.Failed(
                Status.BUSY, 0, 0, "incoming-max: all of it is in use by frames that are not complete; " + why);
    }

    static Reply.Failed notGreeted(Opcode first) {
        String message = "first request: " + first + " (expected: HELLO)";
        return new Reply.Failed(Status.BAD_FRAME, first.code(), Opcode.HELLO.code(), message);
    }

    static Reply.Failed wrongCredential() {
        return new Reply.Failed(Status.DENIED, 0, 0, "credential: wrong or missing");
    }

    static Reply.Failed detached(Status reason) {
        String why = switch (reason) {
            case SESSION_EXPIRED -> "its lease is over";
            case BUSY -> "takes notifications too slowly";
            default -> "resumed on another connection";
        };
        return new Reply.Failed(reason, 0, 0, "session: " + why);
    }
}
