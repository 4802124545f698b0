package netmem.server.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads a configuration file: {@code key = value}, one a line, UTF-8; {@code #} at the start or behind a space begins a comment. Pure but for the file. */
final class ConfigFile {
    private static final int BYTES_MAX = 1 << 20;

    private final Path file;
    private final Map<ServerOption, Given> values = new EnumMap<>(ServerOption.class);

    private ConfigFile(Path file) {
        this.file = file;
    }

    static Map<ServerOption, Given> read(Path file) throws BadOptionException {
        ConfigFile config = new ConfigFile(file);
        List<String> lines = text(file).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            config.line(i + 1, withoutComment(lines.get(i)));
        }
        return config.values;
    }

    private static String text(Path file) throws BadOptionException {
        String fix = "given as the configuration file; name another with --config FILE";
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new BadOptionException(
                        "config: " + file + " has more bytes (expected: <= " + BYTES_MAX + ")", fix);
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadOptionException("config: " + file + " (expected: text in UTF-8)", fix);
        } catch (IOException e) {
            throw new BadOptionException("config: " + FileProblem.of(file, e), fix);
        }
    }

    private static String withoutComment(String line) {
        if (line.stripLeading().startsWith("#")) {
            return "";
        }
        for (int at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1)) {
            if (Character.isWhitespace(line.charAt(at - 1))) {
                return line.substring(0, at).strip();
            }
        }
        return line.strip();
    }

    private void line(int number, String line) throws BadOptionException {
        if (line.isEmpty()) {
            return;
        }
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw bad(number, line, "(expected: key = value)", "write one setting a line, such as: pages = 1024");
        }
        String key = line.substring(0, equals).strip();
        ServerOption option = ServerOption.named(key).orElse(null);
        if (option == null) {
            String question = Nearest.question(key, name -> name);
            throw bad(
                    number,
                    key,
                    "unknown key (expected: the name of an option without its dashes" + question + ")",
                    "netmem-server --help lists the options");
        }
        Given given =
                Given.byLine(file.toString(), number, line.substring(equals + 1).strip());
        Given before = values.putIfAbsent(option, given);
        if (before != null) {
            throw bad(
                    number, key, "given twice (expected: once)", "it is set in " + before.place() + " too; remove one");
        }
    }

    private BadOptionException bad(int number, String what, String problem, String fix) {
        return new BadOptionException(file + " line " + number + ": " + what + ": " + problem, fix);
    }
}
