package org.consentgateway.proof;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Period;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Purpose;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What becomes of callers' data, as the configuration has it: put into the record of
 * each consent, which is then true of the day on which it was given.
 *
 * @param location country the store of the records stands in, ISO 3166-1 alpha-2
 * @param authority supervisory authority; empty where none is told
 * @param purposes by their id
 * @param withdrawal line to how a consent given on it is withdrawn
 */
public record Processing(
        String location,
        String authority,
        Map<String, OfPurpose> purposes,
        List<Recipient> recipients,
        Map<String, Withdrawal> withdrawal) {
    /** Of those who answer requests beside the gateway: they record no consent. */
    static Processing ofStore(String location) {
        return new Processing(location, "", Map.of(), List.of(), Map.of());
    }

    public Processing {
        purposes = Map.copyOf(purposes);
        recipients = List.copyOf(recipients);
        withdrawal = Map.copyOf(withdrawal);
    }

    /** The same, with the ways to withdraw of lines that only the other knows: calls may go on. */
    Processing withLinesOf(Processing before) {
        Map<String, Withdrawal> all = new HashMap<>(before.withdrawal);
        all.putAll(withdrawal);
        return new Processing(location, authority, purposes, recipients, all);
    }

    /**
     * Of one purpose.
     *
     * @param kinds of personal data, such as "voice"
     */
    public record OfPurpose(List<String> kinds, Period kept) {}

    /**
     * Who gets data.
     *
     * @param role "processor", "joint-controller" or "third-party"
     */
    public record Recipient(
            String name, String address, String role, String country, List<String> purposes) {}

    /**
     * How a consent is withdrawn.
     *
     * @param languages in which the phrase is listened for, where the level allows it
     * @param privacyLines numbers that serve requests about the same notices
     */
    public record Withdrawal(String keys, List<String> languages, List<String> privacyLines) {}

    void put(ObjectNode json, ConsentRecord record) {
        json.putObject("storage").put("location", location);
        switch (record) {
            case ConsentRecord.Given given -> put(json, given, given.grant());
            case ConsentRecord.Renewed renewed -> put(json, renewed, renewed.grant());
            case ConsentRecord.Reaffirmed again -> put(json, again, again.grant());
            case ConsentRecord.Imported imported -> put(json, imported.grant());
            case ConsentRecord.Served _,
                    ConsentRecord.Refused _,
                    ConsentRecord.Unanswered _,
                    ConsentRecord.Used _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.PurposeDecided _,
                    ConsentRecord.HolderNotified _,
                    ConsentRecord.Withdrawn _,
                    ConsentRecord.Expired _ -> {}
        }
    }

    private void put(ObjectNode json, Grant grant) {
        json.set("processing", of(grant.level().purposes().stream().map(Purpose::id).toList()));
        if (!authority.isEmpty()) {
            json.put("authority", authority);
        }
    }

    private void put(ObjectNode json, ConsentRecord.OfCall record, Grant grant) {
        put(json, grant);
        @Nullable Withdrawal how = withdrawal.get(record.call().line());
        if (how != null) {
            String language = json.at("/notice/language").asText();
            ObjectNode control = json.putObject("control");
            control.put("keys", how.keys);
            control.put("phrase", grant.level().spotsPhrase() && how.languages.contains(language));
            ArrayNode lines = control.putArray("privacy_lines");
            how.privacyLines.forEach(lines::add);
        }
    }

    /** What is told of these purposes, in their order. */
    public ArrayNode of(Collection<String> ids) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (String id : ids) {
            ObjectNode one = all.addObject().put("purpose", id);
            @Nullable OfPurpose data = purposes.get(id);
            if (data != null) {
                ArrayNode kinds = one.putArray("data");
                data.kinds.forEach(kinds::add);
                one.put("kept", data.kept.toString());
            }
            ArrayNode who = one.putArray("recipients");
            recipients.stream()
                    .filter(recipient -> recipient.purposes.contains(id))
                    .forEach(recipient ->
                            who.addObject()
                                    .put("name", recipient.name)
                                    .put("address", recipient.address)
                                    .put("role", recipient.role)
                                    .put("country", recipient.country));
        }
        return all;
    }

    /** Purpose to its recipients, such as ["AI Service GmbH (processor, DE)"]. */
    public ObjectNode recipientsOf(Collection<String> ids) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        for (String id : ids) {
            ArrayNode who = all.putArray(id);
            recipients.stream()
                    .filter(one -> one.purposes.contains(id))
                    .map(one -> one.name + " (" + one.role + ", " + one.country + ")")
                    .sorted()
                    .forEach(who::add);
        }
        return all;
    }
}
