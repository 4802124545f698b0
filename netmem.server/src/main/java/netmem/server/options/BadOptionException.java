package netmem.server.options;

/** A setting cannot be used; the message names it, its value and the bound. Immutable, without a stack trace. */
public final class BadOptionException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    private final String problem;

    /** What to do about it. */
    private final String fix;

    BadOptionException(String problem, String fix) {
        super(problem, null, false, false);
        this.problem = problem;
        this.fix = fix;
    }

    /**
     * Says what is wrong, as the message does.
     *
     * @return one line for people
     */
    public String problem() {
        return problem;
    }

    /**
     * Says where the value came from and what would work.
     *
     * @return one line for people
     */
    public String fix() {
        return fix;
    }
}
