package netmem.samples.launch;

/** Reads what a user gave on the command line. Pure. */
public final class Argument {
    private Argument() {}

    /** A whole number within bounds; of at most 9 digits. */
    public static int number(String name, String text, int min, int max) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw new IllegalArgumentException(name + ": " + text + " (expected: " + min + " to " + max + ")");
        }
        return Integer.parseInt(text);
    }
}
