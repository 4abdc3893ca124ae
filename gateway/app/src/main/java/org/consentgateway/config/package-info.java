/**
 * Reads a YAML file into records: the records are the schema, and every mistake is told with its
 * line. Knows nothing of telephony.
 */
@NullMarked
package org.consentgateway.config;

import org.jspecify.annotations.NullMarked;
