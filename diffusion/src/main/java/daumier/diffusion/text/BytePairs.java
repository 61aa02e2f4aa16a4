package daumier.diffusion.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Byte-pair encoding of one word: the merges in order of their rank. */
final class BytePairs {

    /** Two neighbouring symbols. */
    record Pair(String left, String right) {

        String joined() {
            return left + right;
        }
    }

    private final Map<Pair, Integer> ranks = new HashMap<>();

    BytePairs(List<Pair> merges) {
        for (Pair merge : merges) {
            ranks.putIfAbsent(merge, ranks.size());
        }
    }

    /** Joins the symbols of a word, the earliest learned pair first, until no pair is known. */
    List<String> merge(List<String> symbols) {
        List<String> word = new ArrayList<>(symbols);
        while (word.size() > 1) {
            Pair best = best(word);
            if (best == null) {
                break;
            }
            word = join(word, best);
        }
        return word;
    }

    private Pair best(List<String> word) {
        Pair best = null;
        int bestRank = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < word.size(); i++) {
            Pair pair = new Pair(word.get(i), word.get(i + 1));
            int rank = ranks.getOrDefault(pair, Integer.MAX_VALUE);
            if (rank < bestRank) {
                bestRank = rank;
                best = pair;
            }
        }
        return best;
    }

    /** The word with every occurrence of the pair joined, from left to right. */
    static List<String> join(List<String> word, Pair pair) {
        List<String> joined = new ArrayList<>(word.size());
        for (int i = 0; i < word.size(); i++) {
            boolean match =
                    i + 1 < word.size()
                            && word.get(i).equals(pair.left())
                            && word.get(i + 1).equals(pair.right());
            joined.add(match ? pair.joined() : word.get(i));
            i += match ? 1 : 0;
        }
        return joined;
    }
}
