package org.consentgateway.consent;

/**
 * Immutable. Which text was spoken, as a record keeps it.
 *
 * @param id lineage of the notice
 * @param textSha256 of all its parts, see {@link Notice}
 */
public record NoticeRef(
        String id,
        String version,
        String language,
        String variant,
        String textSha256,
        String audioSha256,
        Notice.Controller controller) {
    public static NoticeRef of(Notice notice) {
        return new NoticeRef(
                notice.id(),
                notice.version(),
                notice.language(),
                notice.variant(),
                notice.textSha256(),
                notice.audioSha256(),
                notice.controller());
    }
}
