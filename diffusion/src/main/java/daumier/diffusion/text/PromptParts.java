package daumier.diffusion.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weights in a prompt, as AUTOMATIC1111's web UI writes them: {@code (word)} is 1.1 times as
 * strong, {@code (word:1.3)} 1.3 times, {@code [word]} 1.1 times weaker; brackets nest; a backslash
 * before one makes it plain text; {@code BREAK} begins a new chunk (modules/prompt_parser.py,
 * parse_prompt_attention).
 */
final class PromptParts {
    /**
     * A run of text of one weight.
     *
     * @param text without brackets
     * @param weight 1 where nothing is said
     * @param isBreak whether a new chunk begins here; then there is no text
     */
    record Part(String text, double weight, boolean isBreak) {
        private static final Part BREAK = new Part("", 1, true);

        private Part times(double factor) {
            return isBreak ? this : new Part(text, weight * factor, false);
        }
    }

    private static final double ROUND = 1.1;
    private static final double SQUARE = 1 / 1.1;

    private static final Pattern PIECE =
            Pattern.compile(
                    "\\\\\\(|\\\\\\)|\\\\\\[|\\\\]|\\\\\\\\|\\\\|\\(|\\["
                            + "|:\\s*([+-]?[.\\d]+)\\s*\\)|\\)|]|[^\\\\()\\[\\]:]+|:");

    private static final Pattern BREAKS = Pattern.compile("\\s*\\bBREAK\\b\\s*");

    private PromptParts() {}

    /** The parts in order; neighbours differ in weight. At least one. */
    static List<Part> of(String prompt) {
        List<Part> parts = new ArrayList<>();
        Deque<Integer> round = new ArrayDeque<>();
        Deque<Integer> square = new ArrayDeque<>();
        Matcher piece = PIECE.matcher(prompt);
        while (piece.find()) {
            String text = piece.group();
            if (text.startsWith("\\")) {
                parts.add(new Part(text.substring(1), 1, false));
            } else if (text.equals("(")) {
                round.push(parts.size());
            } else if (text.equals("[")) {
                square.push(parts.size());
            } else if (piece.group(1) != null && !round.isEmpty() && isNumber(piece.group(1))) {
                multiply(parts, round.pop(), Double.parseDouble(piece.group(1)));
            } else if (text.equals(")") && !round.isEmpty()) {
                multiply(parts, round.pop(), ROUND);
            } else if (text.equals("]") && !square.isEmpty()) {
                multiply(parts, square.pop(), SQUARE);
            } else {
                addText(parts, text);
            }
        }
        // what was opened and never closed counts to the end
        round.forEach(from -> multiply(parts, from, ROUND));
        square.forEach(from -> multiply(parts, from, SQUARE));
        return merged(parts);
    }

    private static boolean isNumber(String text) {
        return text.chars().filter(c -> c == '.').count() <= 1
                && text.chars().anyMatch(Character::isDigit);
    }

    private static void addText(List<Part> parts, String text) {
        String[] pieces = BREAKS.split(text, -1);
        for (int i = 0; i < pieces.length; i++) {
            if (i > 0) {
                parts.add(Part.BREAK);
            }
            parts.add(new Part(pieces[i], 1, false));
        }
    }

    private static void multiply(List<Part> parts, int from, double factor) {
        for (int i = from; i < parts.size(); i++) {
            parts.set(i, parts.get(i).times(factor));
        }
    }

    private static List<Part> merged(List<Part> parts) {
        List<Part> merged = new ArrayList<>();
        for (Part part : parts) {
            Part last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            boolean joins = last != null && !last.isBreak() && !part.isBreak();
            if (joins && last.weight() == part.weight()) {
                merged.set(
                        merged.size() - 1,
                        new Part(last.text() + part.text(), part.weight(), false));
            } else {
                merged.add(part);
            }
        }
        return merged.isEmpty() ? List.of(new Part("", 1, false)) : merged;
    }
}
