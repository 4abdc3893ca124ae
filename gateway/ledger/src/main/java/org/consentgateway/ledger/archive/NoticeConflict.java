package org.consentgateway.ledger.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. A known notice that is no longer what was spoken under its name.
 *
 * @param there as it was spoken
 * @param before the words it was spoken in
 * @param words parts whose words were changed, added or taken away
 * @param sounds parts that say the same and sound different
 * @param terms names of the terms that were changed
 */
public record NoticeConflict(
        KnownNotice there,
        NoticeWords before,
        List<String> words,
        List<String> sounds,
        List<String> terms) {

    static NoticeConflict of(
            ArchivedNotice now,
            KnownNotice there,
            NoticeWords before,
            Map<String, String> soundsBefore) {
        SortedSet<String> parts = new TreeSet<>(now.words().parts().keySet());
        parts.addAll(before.parts().keySet());
        List<String> words = parts.stream().filter(part -> differ(now, before, part)).toList();
        List<String> sounds =
                parts.stream()
                        .filter(part -> !words.contains(part))
                        .filter(part ->
                                !NoticeArchive.sha256(now.sounds().get(part))
                                        .equals(soundsBefore.get(part)))
                        .toList();
        return new NoticeConflict(
                there, before, words, sounds, changed(there.terms(), now.terms()));
    }

    private static boolean differ(ArchivedNotice now, NoticeWords before, String part) {
        return !Objects.equals(now.words().parts().get(part), before.parts().get(part));
    }

    /**
     * Names of the terms that say something else. What one of the two does not speak of is not
     * known to have changed: a purpose that comes in is asked for by itself.
     */
    public static List<String> changed(ObjectNode before, ObjectNode now) {
        return before.properties().stream()
                .filter(term -> differ(term.getValue(), now.get(term.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean differ(JsonNode before, @Nullable JsonNode now) {
        if (before instanceof ObjectNode each && now instanceof ObjectNode others) {
            return !changed(each, others).isEmpty();
        }
        return now != null && !now.equals(before);
    }
}
