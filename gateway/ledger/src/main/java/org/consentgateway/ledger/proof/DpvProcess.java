package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One purpose of a record as a DPV process: ISO/IEC TS 27560 clauses 6.3.4.3 to 6.3.5. */
final class DpvProcess {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Kinds of the configuration that DPV has a word for; others are told in their own. */
    private static final Map<String, String> KINDS =
            Map.of(
                    "voice", "pd:Communication",
                    "phone-number", "pd:TelephoneNumber",
                    "transcript", "pd:Communication",
                    "recording", "pd:VoiceCommunicationRecording",
                    "contact", "pd:Contact");

    private static final List<String> RIGHTS =
            List.of("A7-3", "A15", "A16", "A17", "A18", "A20", "A77");

    private DpvProcess() {}

    static ObjectNode of(String purpose, JsonNode payload, AskedWords words) {
        JsonNode told = told(purpose, payload);
        ObjectNode process = JSON.objectNode();
        process.put("@type", "dpv:Process");
        process.set("dpv:hasPurpose", purpose(purpose, payload, words));
        process.putArray("dpv:hasLegalBasis")
                .add(purpose.equals("biometrics") ? "eu-gdpr:A9-2-a" : "eu-gdpr:A6-1-a")
                .add("dpv:ExplicitlyExpressedConsent");
        if (!told.path("data").isEmpty()) {
            process.set("dpv:hasPersonalData", personalData(told.path("data")));
        }
        JsonNode controller = payload.at("/controller/name");
        if (controller.isTextual()) {
            process.set("dpv:hasDataController", ReceiptDpv.reference(controller.asText()));
        }
        process.putObject("dpv:hasDataSource")
                .put("@type", "dpv:DataSubjectDataSource")
                .put("dpv:hasProcessing", "dpv:Collect");
        ArrayNode operations = process.putArray("dpv:hasProcessing");
        operations.add("dpv:Collect").add("dpv:Use");
        if (!told.path("kept").asText("P0D").equals("P0D")) {
            operations.add("dpv:Store");
        }
        process.set("dpv:hasStorageCondition", storage(told, payload));
        if (!told.path("recipients").isEmpty()) {
            ArrayNode recipients = process.putArray("dpv:hasRecipient");
            told.path("recipients")
                    .forEach(
                            one -> recipients.add(ReceiptDpv.reference(one.path("name").asText())));
        }
        if (payload.path("control").isObject()) {
            process.set("dpv:hasConsentControl", control(payload));
        }
        process.set("dpv:hasJurisdiction", jurisdiction(payload));
        ArrayNode rights = process.putArray("dpv:hasRight");
        RIGHTS.forEach(article -> rights.add("eu-gdpr:" + article));
        return process;
    }

    private static JsonNode told(String purpose, JsonNode payload) {
        for (JsonNode one : payload.path("processing")) {
            if (one.path("purpose").asText().equals(purpose)) {
                return one;
            }
        }
        return JSON.objectNode();
    }

    /** With the words in which the caller was asked for it. */
    private static ObjectNode purpose(String id, JsonNode payload, AskedWords words) {
        ObjectNode purpose = JSON.objectNode();
        purpose.put("@type", "dpv:Purpose").put("dct:identifier", id);
        String asked = words.of(id);
        if (!asked.isEmpty()) {
            purpose.putObject("dct:description")
                    .put("@language", payload.at("/notice/language").asText())
                    .put("@value", asked);
        }
        return purpose;
    }

    private static ArrayNode personalData(JsonNode kinds) {
        ArrayNode all = JSON.arrayNode();
        for (JsonNode kind : kinds) {
            ObjectNode one =
                    all.addObject()
                            .put("@type", "dpv:PersonalData")
                            .put("dct:description", kind.asText());
            String broader = KINDS.get(kind.asText());
            if (broader != null) {
                one.put("skos:broader", broader);
            }
            one.put("dpv:hasNecessity", "dpv:Required");
        }
        return all;
    }

    /** 6.3.4.11 storage_locations, 6.3.4.12 retention_period. */
    private static ArrayNode storage(JsonNode told, JsonNode payload) {
        ArrayNode storage = JSON.arrayNode();
        Set<String> countries = new LinkedHashSet<>();
        JsonNode location = payload.at("/storage/location");
        if (location.isTextual()) {
            countries.add("loc:" + location.asText());
        }
        told.path("recipients")
                .forEach(one -> countries.add("loc:" + one.path("country").asText()));
        if (!countries.isEmpty()) {
            ArrayNode places =
                    storage.addObject()
                            .put("@type", "dpv:StorageLocation")
                            .putArray("dpv:hasLocation");
            countries.forEach(places::add);
        }
        if (told.path("kept").isTextual()) {
            storage.addObject()
                    .put("@type", "dpv:StorageDuration")
                    .put("dpv:hasDuration", told.path("kept").asText());
        }
        JsonNode deleteAt = payload.at("/retention/delete_at");
        if (deleteAt.isTextual()) {
            storage.addObject()
                    .put("@type", "dpv:StorageDeletion")
                    .put("dct:description", "this record")
                    .put("dct:valid", deleteAt.asText());
        }
        return storage;
    }

    /** The law by which it was asked, and the country that supervises the controller. */
    private static ArrayNode jurisdiction(JsonNode payload) {
        ArrayNode jurisdiction = JSON.arrayNode().add("loc:EU");
        JsonNode country = payload.at("/controller/country");
        if (country.isTextual()) {
            jurisdiction.add("loc:" + country.asText());
        }
        return jurisdiction;
    }

    /**
     * 6.3.4.18 withdrawal_method: the phrase only where it was listened for. A receipt is checked
     * by being made once more, so other words here would refuse all that callers have.
     */
    private static ObjectNode control(JsonNode payload) {
        JsonNode control = payload.path("control");
        boolean german = payload.at("/notice/language").asText().equals("de");
        String keys = control.path("keys").asText();
        StringBuilder how = new StringBuilder();
        how.append(german ? "im Gespräch mit den Tasten " : "by the keys ").append(keys);
        how.append(german ? "" : " during a call");
        if (control.path("phrase").asBoolean()) {
            how.append(
                    german
                            ? ", oder, wenn diese Worte im Gespräch genannt wurden, mit"
                                    + " „Einwilligung widerrufen“"
                            : ", or, if these words were told in the call, by \"withdraw"
                                    + " consent\"");
        }
        ObjectNode json = JSON.objectNode();
        json.put("@type", "dpv:WithdrawConsent").put("dct:description", how.toString());
        ArrayNode at = JSON.arrayNode();
        control.path("privacy_lines").forEach(line -> at.add("tel:" + line.asText()));
        String contact = payload.at("/controller/contact").asText();
        if (!contact.isEmpty()) {
            at.add(contact);
        }
        json.set("dpv:isExercisedAt", at);
        return json;
    }
}
