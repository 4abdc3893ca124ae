package org.consentgateway.ledger.archive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * Immutable. What the archive says of a notice that was spoken, without its words and sounds.
 *
 * @param terms as in {@link ArchivedNotice}
 * @param since when it was first to be spoken
 */
public record KnownNotice(
        NoticeKey key, String textSha256, String audioSha256, ObjectNode terms, Instant since) {}
