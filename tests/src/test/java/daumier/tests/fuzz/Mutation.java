package daumier.tests.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Seeded changes to bytes and texts. */
final class Mutation {
    private static final String[] TOKENS = {
        "null",
        "true",
        "[]",
        "{}",
        "\"\"",
        "[",
        "]",
        "{",
        "}",
        "\"",
        ",",
        ":",
        "0",
        "-1",
        "1e999",
        "NaN",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551616",
        "4294967296",
        "0.5",
        "1e-400",
        "\\u0000",
        "\u0000",
        "\n",
        "\uD83D\uDE00",
        "(",
        ")",
        "@",
        ";",
        "=",
        "<",
        ">",
        "\\",
        "%s",
        "'",
        "F32",
        "F16",
        "BF16",
        "I64",
        "BOOL",
        "../../",
        "\u00e9"
    };

    /** Long enough for what recurses on every character to run out of stack. */
    private static final int MOST_REPEATED = 20_000;

    private Mutation() {}

    /** One to four changes. */
    static byte[] of(byte[] sound, SplittableRandom random) {
        byte[] bytes = sound;
        for (int edits = random.nextInt(1, 5); edits > 0; edits--) {
            bytes = once(bytes, random);
        }
        return bytes;
    }

    /** The same on a text's UTF-8, where broken characters become replacement characters. */
    static String of(String sound, SplittableRandom random) {
        byte[] changed = of(sound.getBytes(StandardCharsets.UTF_8), random);
        return new String(changed, StandardCharsets.UTF_8);
    }

    private static byte[] once(byte[] bytes, SplittableRandom random) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(1, 24));
        return switch (random.nextInt(7)) {
            case 0 -> flipped(bytes, random);
            case 1 -> spliced(bytes, from, to, new byte[0]);
            case 2 -> spliced(bytes, from, from, token(random));
            case 3 -> spliced(bytes, from, to, token(random));
            case 4 -> spliced(bytes, from, from, Arrays.copyOfRange(bytes, from, to));
            case 5 -> Arrays.copyOf(bytes, from);
            default ->
                    random.nextInt(50) == 0
                            ? spliced(bytes, from, from, repeated(bytes, from, random))
                            : flipped(bytes, random);
        };
    }

    private static byte[] flipped(byte[] bytes, SplittableRandom random) {
        if (bytes.length == 0) {
            return token(random);
        }
        byte[] changed = bytes.clone();
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        return changed;
    }

    static byte[] token(SplittableRandom random) {
        return TOKENS[random.nextInt(TOKENS.length)].getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] repeated(byte[] bytes, int at, SplittableRandom random) {
        int length = random.nextInt(1, 4);
        byte[] unit =
                random.nextBoolean() || at + length > bytes.length
                        ? token(random)
                        : Arrays.copyOfRange(bytes, at, at + length);
        byte[] all = new byte[unit.length * random.nextInt(100, MOST_REPEATED)];
        for (int i = 0; i < all.length; i++) {
            all[i] = unit[i % unit.length];
        }
        return all;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
        byte[] all = new byte[from + between.length + bytes.length - to];
        System.arraycopy(bytes, 0, all, 0, from);
        System.arraycopy(between, 0, all, from, between.length);
        System.arraycopy(bytes, to, all, from + between.length, bytes.length - to);
        return all;
    }
}
