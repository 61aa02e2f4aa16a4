package daumier.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import daumier.cli.chart.Figure;
import daumier.cli.chart.IntervalPanel;
import daumier.faces.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** A report is one file that needs no other. */
final class ReportWriterTest {
    @Test
    void aReportHoldsEverything() throws IOException {
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put("above the best static schedule", "+18%");
        figures.put("held-out faces", "60");
        Path file = Path.of("target/charts/report.html");
        new ReportWriter("Policies <compared>")
                .paragraph("Judged by networks that no reward ever saw.")
                .figures(figures)
                .heading("Scores")
                .table(
                        List.of("policy", "score", "95% interval"),
                        List.of(
                                List.of("learned", "0.91", "[0.88, 0.94]"),
                                List.of("best static", "0.77", "[0.75, 0.80]")))
                .chart(
                        new Figure(1, 500, 160)
                                .add(
                                        new IntervalPanel(
                                                "",
                                                "score",
                                                List.of(
                                                        new IntervalPanel.Row(
                                                                "learned", 0, 0.91, 0.88, 0.94)),
                                                OptionalDouble.empty())),
                        "The same as a chart")
                .picture(new Picture(8, 8, new byte[192]), "eight by eight")
                .verbatim("0.3@0,0.7@1")
                .write(file);
        String html = Files.readString(file);
        assertTrue(html.contains("<h1>Policies &lt;compared&gt;</h1>"));
        assertTrue(html.contains("<td class=\"number\">0.91</td>"));
        assertTrue(html.contains("<td>learned</td>"));
        assertEquals(3, html.split("data:image/png;base64,", -1).length);
        assertFalse(html.contains("http:") || html.contains("https:") || html.contains("<script"));
    }

    @Test
    void rowsMustFitTheirHeadings() {
        ReportWriter report = new ReportWriter("r");
        assertThrows(
                IllegalArgumentException.class,
                () -> report.table(List.of("a", "b"), List.of(List.of("1"))));
    }
}
