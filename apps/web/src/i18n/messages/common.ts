// Words that several screens share.

import { defineMessages, translator } from '../i18n.js';

export const commonMessages = defineMessages(
  {
    maru: 'Maru',
    home: 'Home',
    language: 'Language',
    close: 'Close',
    retry: 'Try again',
    reload: 'Reload',
    copyLink: 'Copy link',
    linkCopied: 'Link copied',
    copyByHand: 'Copy this link',
    cameraWentOn: 'Camera on',
    cameraWentOff: 'Camera off',
    micWentOn: 'Microphone on',
    micWentOff: 'Microphone off',
    loading: 'One moment…',
    chunkFailedTitle: 'The page is not complete',
    chunkFailed: 'Part of the page could not be loaded. Check your network and load it again.',
  },
  {
    maru: '마루',
    home: '처음으로',
    language: '언어',
    close: '닫기',
    retry: '다시 시도',
    reload: '새로 고침',
    copyLink: '링크 복사',
    linkCopied: '링크를 복사했어요',
    copyByHand: '이 링크를 복사하세요',
    cameraWentOn: '카메라가 켜졌어요',
    cameraWentOff: '카메라가 꺼졌어요',
    micWentOn: '마이크가 켜졌어요',
    micWentOff: '마이크가 꺼졌어요',
    loading: '잠시만요…',
    chunkFailedTitle: '페이지를 다 불러오지 못했어요',
    chunkFailed: '페이지 일부를 불러오지 못했어요. 네트워크를 확인하고 새로 고쳐 주세요.',
  },
);

export const common = translator(commonMessages);
