// The doctor's page: tries from this browser what a call needs, and says what to change.

import { Check, Copy, Info, Play, RotateCw, TriangleAlert } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { useTitle } from '../app/title.js';
import { doctor as t } from '../i18n/messages/doctor.js';
import { Button } from '../ui/button.js';
import { copyText } from '../ui/copy-link.js';
import { Icon } from '../ui/icon.js';
import { Page } from '../ui/page.js';
import { createExamination, type Examination } from './examination.js';
import type { PageFinding } from './page-finding.js';
import './doctor.css';

/** `maru doctor` prints an address with this fragment: who opens it has asked for the check already. */
const AT_ONCE = '#start';

const ICONS = { good: Check, note: Info, wrong: TriangleAlert };

export function Doctor() {
  useTitle(t('title'));
  const [examination] = useState(createExamination);
  useEffect(() => {
    if (location.hash === AT_ONCE) void examination.start();
    return () => examination.close();
  }, [examination]);
  const findings = examination.findings.value;
  return (
    <Page>
      <div class="doctor">
        <h1>{t('title')}</h1>
        <p class="doctor-lead">{t('lead')}</p>
        <Controls examination={examination} />
        {findings.length > 0 && (
          <section aria-labelledby="doctor-findings">
            <h2 id="doctor-findings">{t('findings')}</h2>
            <ul class="doctor-findings">
              {findings.map((finding, index) => (
                <Item key={index} finding={finding} />
              ))}
            </ul>
          </section>
        )}
      </div>
    </Page>
  );
}

function Controls({ examination }: { readonly examination: Examination }) {
  const stage = examination.stage.value;
  const findings = examination.findings.value;
  return (
    <div class="doctor-controls">
      <Button
        rank={stage === 'done' ? 'outline' : 'main'}
        icon={stage === 'idle' ? Play : RotateCw}
        disabled={stage === 'running'}
        onClick={() => void examination.start()}
      >
        {stage === 'idle' ? t('start') : t('again')}
      </Button>
      {stage === 'done' && (
        <Button icon={Copy} onClick={() => void copyText(report(findings), t('copied'))}>
          {t('copy')}
        </Button>
      )}
      <p class="doctor-status" role="status">
        {stage === 'running' && t('running')}
        {stage === 'done' && summary(findings)}
      </p>
    </div>
  );
}

function Item({ finding: { verdict, says, change } }: { readonly finding: PageFinding }) {
  return (
    <li class="doctor-finding" data-verdict={verdict}>
      <Icon of={ICONS[verdict]} size={20} />
      <div>
        <p>
          <strong class="visually-hidden">{t(verdict)}: </strong>
          {says()}
        </p>
        {change && <p class="doctor-change">{change()}</p>}
      </div>
    </li>
  );
}

function summary(findings: readonly PageFinding[]): string {
  const count = findings.filter(({ verdict }) => verdict === 'wrong').length;
  return count === 0 ? t('allGood') : t('someWrong', { count });
}

/** The findings as text, to be sent to whoever runs the server. */
function report(findings: readonly PageFinding[]): string {
  const date = new Date().toISOString();
  const lines = findings.flatMap(({ verdict, says, change }) => [
    `- ${t(verdict)}: ${says()}`,
    ...(change ? [`  ${change()}`] : []),
  ]);
  return [t('reportHead', { date, address: location.origin }), '', ...lines, ''].join('\n');
}
