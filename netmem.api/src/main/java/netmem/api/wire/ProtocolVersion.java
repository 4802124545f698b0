package netmem.api.wire;

/** The version of NetMem's own protocol that this code speaks. Pure. */
public final class ProtocolVersion {
    /** Version number in the greeting. */
    public static final int CURRENT = 1;

    private ProtocolVersion() {}
}
