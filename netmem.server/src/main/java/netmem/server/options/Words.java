package netmem.server.options;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The words of a command line, sorted: the values of options by their names, and what is no option. Immutable once made. */
final class Words {
    private static final String ON = "true";

    private final List<Flag> known;
    private final String fix;
    private final Map<String, String> values = new HashMap<>();
    private final List<String> others = new ArrayList<>();

    private Words(List<Flag> known, String fix) {
        this.known = known;
        this.fix = fix;
    }

    /** Sorts {@code --name value}, {@code --name=value} and {@code --switch}; refuses any other option. */
    static Words parse(List<String> arguments, List<Flag> known, String fix) throws BadOptionException {
        Words words = new Words(known, fix);
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("-")) {
                words.others.add(argument);
                continue;
            }
            int equals = argument.indexOf('=');
            Flag flag = words.flag(equals < 0 ? argument : argument.substring(0, equals));
            Optional<String> attached = equals < 0 ? Optional.empty() : Optional.of(argument.substring(equals + 1));
            if (attached.isEmpty() && !flag.isSwitch()) {
                i++;
                attached = Optional.of(words.following(flag, arguments.subList(i, arguments.size())));
            }
            words.put(flag, attached);
        }
        return words;
    }

    private Flag flag(String name) throws BadOptionException {
        for (Flag flag : known) {
            if (flag.name().equals(name)) {
                return flag;
            }
        }
        String question = Nearest.question(name.replaceFirst("^-+", ""), key -> "--" + key);
        throw new BadOptionException(name + ": unknown option (expected: one that --help lists" + question + ")", fix);
    }

    private String following(Flag flag, List<String> rest) throws BadOptionException {
        if (rest.isEmpty() || rest.getFirst().startsWith("--")) {
            throw new BadOptionException(flag.name() + ": no value (expected: " + flag.usage() + ")", fix);
        }
        return rest.getFirst();
    }

    private void put(Flag flag, Optional<String> value) throws BadOptionException {
        if (flag.isSwitch() && value.isPresent()) {
            throw new BadOptionException(flag.name() + ": " + value.get() + " (expected: no value)", fix);
        }
        if (values.put(flag.name(), value.orElse(ON)) != null) {
            throw new BadOptionException(flag.name() + ": given twice (expected: once)", fix);
        }
    }

    /** The value of an option; for a switch, {@code true}. */
    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    boolean has(Flag flag) {
        return values.containsKey(flag.name());
    }

    /** The first word that is no option; refuses more of them than allowed. */
    Optional<String> other(String expected, int allowed) throws BadOptionException {
        if (others.size() > allowed) {
            throw new BadOptionException(
                    shown(others.get(allowed)) + ": unknown argument (expected: " + expected + ")", fix);
        }
        return others.stream().findFirst();
    }

    /** What a message repeats of an address: nothing where it has an '@', and so perhaps a user and password. */
    static String shown(String address) {
        return address.indexOf('@') < 0 ? address : "(not repeated: it has an '@')";
    }
}
