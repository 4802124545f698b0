package netmem.server.options;

/**
 * One option of a command line. Pure value.
 *
 * @param name with its dashes
 * @param placeholder what stands for the value in the help; empty for a switch, which has none
 * @param description one sentence without its full stop
 */
record Flag(String name, String placeholder, String description) {
    static final Flag HELP = new Flag("--help", "", "print this help (also -h)");

    static Flag of(ServerOption option) {
        boolean plain = option.kind() == Kind.SWITCH || option.fallback().isEmpty();
        String fallback = plain ? "" : " (default: " + option.fallback() + ")";
        return new Flag(option.flag(), option.kind().placeholder(), option.description() + fallback);
    }

    boolean isSwitch() {
        return placeholder.isEmpty();
    }

    /** The option as it is used. */
    String usage() {
        return isSwitch() ? name : name + " " + placeholder;
    }
}
