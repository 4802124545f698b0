package netmem.server.options;

/**
 * The value of an option, and where it came from. Pure value.
 *
 * @param text as written there
 * @param source what kind of place
 * @param place the place for people, such as {@code netmem.conf line 3}
 */
record Given(String text, Source source, String place) {
    /** The places, strongest first. */
    enum Source {
        FLAG,
        ENVIRONMENT,
        FILE,
        DEFAULT
    }

    static Given byFlag(ServerOption option, String text) {
        return new Given(text, Source.FLAG, "flag " + option.flag());
    }

    static Given byVariable(ServerOption option, String text) {
        return new Given(text, Source.ENVIRONMENT, "environment " + option.variable());
    }

    static Given byLine(String file, int line, String text) {
        return new Given(text, Source.FILE, file + " line " + line);
    }

    static Given byDefault(ServerOption option) {
        return new Given(option.fallback(), Source.DEFAULT, "default");
    }

    /** Says where the value is from and how to write one that works. */
    String fix(ServerOption option) {
        String example = option.fallback().isEmpty() ? option.kind().placeholder() : option.fallback();
        return switch (source) {
            case FLAG -> "given by the " + place + "; for example: " + option.flag() + " " + example;
            case ENVIRONMENT -> "given by the " + place + "; for example: " + option.variable() + "=" + example;
            case FILE -> "given by " + place + "; for example: " + option.key() + " = " + example;
            case DEFAULT ->
                "it has its default, which does not fit the other settings; give it with " + option.flag() + " "
                        + option.kind().placeholder();
        };
    }
}
