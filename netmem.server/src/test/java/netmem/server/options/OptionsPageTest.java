package netmem.server.options;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code docs/operations/options.md} is made from the table of options. */
@Timeout(30)
final class OptionsPageTest {
    private static final Path PAGE =
            Path.of(System.getProperty("basedir", "."), "..", "docs", "operations", "options.md");
    private static final String WRITE = "netmem.docs.write";
    private static final String COMMAND = "./build -q -o -pl netmem.server -am test -Dtest=OptionsPageTest"
            + " -Dnetmem.test.options=-D" + WRITE + "=true";

    @Test
    void page_table_isUpToDate() throws IOException {
        String page = page();
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, page);
        }
        assertEquals(page, Files.readString(PAGE), "options.md is old; write it anew with\n" + COMMAND);
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Options of netmem-server

                Made from the table in the code (`netmem.server.options.ServerOption`); a test fails when it differs and names the command that writes it anew.

                Each option has one name with three looks: `--page-length 4KiB` on the command line, `NETMEM_PAGE_LENGTH=4KiB` in the environment,
                `page-length = 4KiB` in the file that `--config FILE` or `NETMEM_CONFIG` names. A flag wins over the environment, that over the file, and
                that over the default. `netmem-server --print-config` prints all with the place that each came from. More on the file: [running](running.md).

                Sizes are bytes, or whole numbers with `KiB`, `MiB`, `GiB`, `TiB`; times are whole numbers with `ms`, `s`, `m`, `h`.

                | option | value | default | what |
                |---|---|---|---|
                """);
        appendRows(page, false);
        page.append("""

                ## Limits
                Every queue, table and frame has one ([S9](../semantics.md)). What happens past each is in [limits](../protocol/limits.md); INFO tells them by these names
                with their unit behind, such as `lease-millis`.

                | option | value | default | what |
                |---|---|---|---|
                """);
        appendRows(page, true);
        page.append("""

                ## Only on the command line
                | option | what |
                |---|---|
                | `--config FILE` | file of settings; also `NETMEM_CONFIG` |
                | `--print-config` | checks the settings, prints them as a configuration file, and exits |
                | `--version` | prints the version |
                | `--help`, `-h` | prints the options |

                `netmem-server stats` and `netmem-server ping` take `--auth-file FILE` (or `NETMEM_AUTH_FILE`) and `--timeout TIME`.
                """);
        return page.toString();
    }

    private static void appendRows(StringBuilder page, boolean limits) {
        for (ServerOption option : ServerOption.values()) {
            if (option.isLimit() == limits) {
                page.append("| `").append(option.flag()).append("` | ");
                page.append(option.kind().placeholder().replace("|", ", ")).append(" | ");
                page.append(option.fallback())
                        .append(" | ")
                        .append(option.description())
                        .append(" |\n");
            }
        }
    }
}
