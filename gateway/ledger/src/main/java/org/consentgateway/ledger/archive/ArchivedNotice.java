package org.consentgateway.ledger.archive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SortedMap;
import java.util.TreeMap;
import org.consentgateway.ledger.tree.Digests;

/**
 * Immutable. A notice as it is spoken, to be kept or as it was kept.
 *
 * @param sounds part to A-law octets at 8 kHz; of the same parts as the words
 * @param terms what else holds of it and is no word of it: who is responsible, for what, who else
 *     gets the data. Not to be written.
 */
public record ArchivedNotice(
        NoticeKey key, NoticeWords words, SortedMap<String, byte[]> sounds, ObjectNode terms) {
    public ArchivedNotice {
        sounds = new TreeMap<>(sounds);
    }

    /** Of the sounds one after the other; lower-case hex. */
    public String audioSha256() {
        return Digests.hex(Digests.of(sounds.values().toArray(new byte[0][])));
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
