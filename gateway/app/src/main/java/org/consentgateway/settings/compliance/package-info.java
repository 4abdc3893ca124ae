/** What the documents for counsel say that no other part of the gateway needs to know. */
@NullMarked
package org.consentgateway.settings.compliance;

import org.jspecify.annotations.NullMarked;
