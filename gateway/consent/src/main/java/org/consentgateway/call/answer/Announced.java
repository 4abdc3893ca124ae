package org.consentgateway.call.answer;

import org.jspecify.annotations.Nullable;

/**
 * Immutable. What became of an announcement.
 *
 * @param said how far it came
 * @param meant what ended it before its time, or was begun in it; null where nothing that counts
 *     was pressed or said
 */
public record Announced(Said said, Reply.@Nullable Meant meant) {
    public static Announced of(Said said, Reply reply) {
        return new Announced(said, reply instanceof Reply.Meant meant ? meant : null);
    }
}
