package daumier.cli.inspect;

import java.util.Locale;

/** Large numbers in few digits. */
final class Sizes {
    private Sizes() {}

    /** Bytes as people say them: {@code 512 B}, {@code 1.4 MB} (powers of ten). */
    static String bytes(long bytes) {
        return bytes < 1000 ? bytes + " B" : short3(bytes) + "B";
    }

    /** A count in three digits: {@code 859 M}, {@code 1.23 k}. */
    static String count(long count) {
        return count < 1000 ? Long.toString(count) : short3(count).strip();
    }

    private static String short3(long value) {
        String units = "kMGT";
        double scaled = value;
        int unit = -1;
        while (scaled >= 999.5 && unit < units.length() - 1) {
            scaled /= 1000;
            unit++;
        }
        int whole = scaled >= 9.995 ? 1 : 2;
        int digits = scaled >= 99.95 ? 0 : whole;
        return String.format(Locale.ROOT, "%." + digits + "f %c", scaled, units.charAt(unit));
    }
}
