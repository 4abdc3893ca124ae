package org.consentgateway.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Period;
import java.time.ZoneOffset;
import org.consentgateway.consent.ConsentRecord;

/**
 * Immutable. For how long records that are no consent are kept, by kind; consents and their uses
 * say it themselves. It is the least: nothing goes before what it refers to, so that what ends a
 * consent is there as long as the consent.
 *
 * @param served what was played; in a call in which consent was given it stays with the consent
 * @param unanswered silence, and hanging up
 * @param refused a no
 * @param events of a consent: who was connected and cut off, withdrawal, expiry
 */
public record Retention(Period served, Period unanswered, Period refused, Period events) {
    /** Of those who answer requests beside the gateway: an end of a consent stays as long as it. */
    static final Retention USUAL =
            new Retention(
                    Period.ofDays(30), Period.ofDays(30), Period.ofDays(30), Period.ofYears(3));

    void put(ObjectNode json, ConsentRecord record) {
        switch (record) {
            case ConsentRecord.Served _ -> put(json, record, "short", served);
            case ConsentRecord.Unanswered _ -> put(json, record, "short", unanswered);
            case ConsentRecord.Refused _ -> put(json, record, "short", refused);
            case ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.PurposeDecided _,
                    ConsentRecord.HolderNotified _,
                    ConsentRecord.Withdrawn _,
                    ConsentRecord.Expired _ ->
                    put(json, record, "proof", events);
            // By their level and purposes, put there already.
            case ConsentRecord.Given _,
                    ConsentRecord.Renewed _,
                    ConsentRecord.Reaffirmed _,
                    ConsentRecord.Imported _,
                    ConsentRecord.Used _ -> {}
        }
    }

    private static void put(ObjectNode json, ConsentRecord record, String basis, Period period) {
        json.putObject("retention")
                .put("basis", basis)
                .put("duration", period.toString())
                .put(
                        "delete_at",
                        record.at().atZone(ZoneOffset.UTC).plus(period).toInstant().toString());
    }
}
