package daumier.cli.pack.card;

import java.io.IOException;
import java.util.List;

/** Something that is measured for the card. */
interface Chapter {
    /** Key of its figures. */
    String name();

    /** How much is measured: figures of another amount are not those asked for. */
    String amount();

    /** Its heading. */
    String title();

    /**
     * What it reads, as paths in the pack folder: measured again when one of these is newer, left
     * out when one is missing.
     */
    List<String> reads();

    /** Measures. */
    void measure(Section section) throws IOException;
}
