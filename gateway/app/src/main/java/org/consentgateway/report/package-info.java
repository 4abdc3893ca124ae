/** What customers who agreed to it are told each month: what is stored, what holds until when. */
@NullMarked
package org.consentgateway.report;

import org.jspecify.annotations.NullMarked;
