package org.consentgateway.ledger.number;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.number.FoundEntries.At;
import org.consentgateway.ledger.number.NumberPart.Stand;

/**
 * Immutable. What whoever reads in parts carries from one to the next, under the pseudonym key and
 * for one caller: nobody can alter it, or go on with it in what is stored about somebody else.
 */
public final class PartCursors {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private static final Pattern LINE =
            Pattern.compile(
                    "(\\d{1,9}) (\\d{1,9}) (true|false) ([A-Za-z0-9-]{1,35}) (\\d{1,19})"
                            + " (\\d{1,9}) (\\d{1,19}) (\\d{1,19})"
                            + "(?: (\\d{1,9}) (\\d{1,19}) (\\d{1,19}))?");

    private final Pseudonyms pseudonyms;
    private final PseudonymousSubject subject;

    public PartCursors(Pseudonyms pseudonyms, PseudonymousSubject subject) {
        this.pseudonyms = pseudonyms;
        this.subject = subject;
    }

    /**
     * What was found with the first part, and how far a reader has come.
     *
     * @param told entries
     * @param entries how many there were
     * @param shared whether somebody has refused while a consent of this number was remembered
     * @param language of the newest notice the caller heard
     * @param latest when the newest was recorded, in milliseconds since 1970
     * @param stand behind which the next part begins
     */
    public record Cursor(
            int told, int entries, boolean shared, String language, long latest, Stand stand) {
        public Cursor at(int nowTold, Stand nowStand) {
            return new Cursor(nowTold, entries, shared, language, latest, nowStand);
        }

        private String line() {
            At within = stand.within();
            return "%d %d %s %s %d %s%s"
                    .formatted(
                            told,
                            entries,
                            shared,
                            language,
                            latest,
                            line(stand.named()),
                            within == null ? "" : " " + line(within));
        }

        private static String line(At at) {
            return at.log() + " " + at.index() + " " + at.millis();
        }

        private static Cursor of(Matcher line) {
            return new Cursor(
                    Integer.parseInt(line.group(1)),
                    Integer.parseInt(line.group(2)),
                    Boolean.parseBoolean(line.group(3)),
                    line.group(4),
                    Long.parseLong(line.group(5)),
                    new Stand(at(line, 6), line.group(9) == null ? null : at(line, 9)));
        }

        private static At at(Matcher line, int group) {
            return new At(
                    Integer.parseInt(line.group(group)),
                    Long.parseLong(line.group(group + 1)),
                    Long.parseLong(line.group(group + 2)),
                    null);
        }
    }

    /** For an address. */
    public String seal(Cursor cursor) {
        String line = cursor.line();
        return BASE64.encodeToString(line.getBytes(UTF_8))
                + "."
                + BASE64.encodeToString(pseudonyms.code(under(line)));
    }

    /** Empty where it was not sealed for this caller. */
    public Optional<Cursor> open(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String line;
        byte[] seal;
        try {
            line = new String(Base64.getUrlDecoder().decode(text.substring(0, dot)), UTF_8);
            seal = Base64.getUrlDecoder().decode(text.substring(dot + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        boolean isOurs =
                pseudonyms.codes(under(line)).stream()
                        .anyMatch(code -> MessageDigest.isEqual(code, seal));
        return isOurs
                ? Optional.of(LINE.matcher(line)).filter(Matcher::matches).map(Cursor::of)
                : Optional.empty();
    }

    private String under(String line) {
        return "part of " + subject.current() + " " + line;
    }
}
