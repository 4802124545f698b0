package netmem.bench.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes one HTML page of results and their histograms; the page loads nothing from elsewhere. Pure. */
public final class Report {
    private Report() {}

    /**
     * Writes the page.
     *
     * @param html the page
     * @param title its heading
     * @param contents what to show
     * @param folder where the histograms' files are that the results name
     */
    public static void write(Path html, String title, ResultFile contents, Path folder) throws IOException {
        Files.writeString(html, new ReportPage(title, contents, folder).html());
    }
}
