/** What an operator says of monthly reports to customers. */
@NullMarked
package org.consentgateway.settings.report;

import org.jspecify.annotations.NullMarked;
