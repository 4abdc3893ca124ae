package org.consentgateway.proof.late;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.proof.RecordJson;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. One line of a {@link LateFile}: a record as JSON with two members more at its end, its
 * number in the file and the SHA-256 of all octets before that one, so that a disk or a person that
 * has changed or lost lines is noticed. Whoever may write the file may write them as well: it lies
 * beside the keys, and has the same owner.
 *
 * @param number from 1; 0 for a line without one, as written before there were any
 */
record LateLine(long number, ConsentRecord record) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Behind the record, with what is digested before the quotation mark of its digest. */
    private static final Pattern END =
            Pattern.compile("(,\"line\":([0-9]{1,18}),\"sha256\":\")([0-9a-f]{64})\"}$");

    static String json(ConsentRecord record) {
        return RecordJson.write(record).toString();
    }

    /**
     * With the line's end.
     *
     * @param json of the record
     */
    static byte[] text(long number, String json) {
        String digested =
                json.substring(0, json.length() - 1) + ",\"line\":" + number + ",\"sha256\":\"";
        return (digested + digest(digested) + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @param line without its end
     * @return null if it is not as it was written
     */
    static @Nullable LateLine of(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        Matcher end = END.matcher(text);
        long number = 0;
        if (end.find()) {
            if (!digest(text.substring(0, end.end(1))).equals(end.group(3))) {
                return null;
            }
            number = Long.parseLong(end.group(2));
            text = text.substring(0, end.start()) + "}";
        } else if (text.contains("\"sha256\":\"")) {
            return null;
        }
        try {
            return new LateLine(number, RecordJson.read(JSON.readTree(text)));
        } catch (JsonProcessingException | IllegalArgumentException unreadable) {
            return null;
        }
    }

    private static String digest(String text) {
        try {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never); // Every runtime has it.
        }
    }
}
