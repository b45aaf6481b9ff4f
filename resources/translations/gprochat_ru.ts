<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru_RU" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About GPROChat</source>
        <translation>О программе GPROChat</translation>
    </message>
    <message>
        <source>Conversations with GPROChat servers, OpenAI-compatible servers and a small model on this computer. They are kept on this computer and nowhere else.</source>
        <translation>Беседы с серверами GPROChat, с серверами, совместимыми с OpenAI, и с небольшой моделью на этом компьютере. Они хранятся на этом компьютере и больше нигде.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Лицензии</translation>
    </message>
</context>
<context>
    <name>Alert</name>
    <message>
        <source>Note</source>
        <translation>Примечание</translation>
    </message>
    <message>
        <source>Tip</source>
        <translation>Совет</translation>
    </message>
    <message>
        <source>Important</source>
        <translation>Важно</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Предупреждение</translation>
    </message>
    <message>
        <source>Caution</source>
        <translation>Осторожно</translation>
    </message>
</context>
<context>
    <name>AttachmentStrip</name>
    <message>
        <source>≈ {count} tokens</source>
        <translation>≈ {count} ток.</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>Убрать {name}</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Убрать</translation>
    </message>
</context>
<context>
    <name>Backdrop</name>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Скопировано</translation>
    </message>
</context>
<context>
    <name>Browsing</name>
    <message>
        <source>Moved to “{folder}”.</source>
        <translation>Перемещено в папку «{folder}».</translation>
    </message>
    <message>
        <source>Moved out of the folder.</source>
        <translation>Перемещено из папки.</translation>
    </message>
    <message>
        <source>Archived chats: {count}.</source>
        <translation>В архив убрано чатов: {count}.</translation>
    </message>
    <message>
        <source>Back from the archive: {count}.</source>
        <translation>Возвращено из архива: {count}.</translation>
    </message>
    <message>
        <source>“{title}” was deleted.</source>
        <translation>Чат «{title}» удалён.</translation>
    </message>
    <message>
        <source>Deleted chats: {count}.</source>
        <translation>Удалено чатов: {count}.</translation>
    </message>
    <message>
        <source>Delete these chats for good? They cannot be had back, not even from the snapshots. Chats: {count}.</source>
        <translation>Удалить эти чаты навсегда? Вернуть их будет нельзя, даже из копий истории. Чатов: {count}.</translation>
    </message>
    <message>
        <source>Delete all that is in the trash for good? It cannot be had back, not even from the snapshots.</source>
        <translation>Удалить всё, что есть в корзине, навсегда? Вернуть это будет нельзя, даже из копий истории.</translation>
    </message>
    <message>
        <source>Also delete the damaged history files that were set aside: it may be in them too</source>
        <translation>Удалить и отложенные повреждённые файлы истории: это может быть и в них</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>Удалить навсегда</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Переименовать</translation>
    </message>
    <message>
        <source>Name of this folder:</source>
        <translation>Название этой папки:</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>Новая папка</translation>
    </message>
    <message>
        <source>Name of the folder:</source>
        <translation>Название папки:</translation>
    </message>
    <message>
        <source>The folder “{name}” was deleted; its chats are kept.</source>
        <translation>Папка «{name}» удалена; чаты из неё сохранены.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Вернуть</translation>
    </message>
</context>
<context>
    <name>ChatOptionsDialog</name>
    <message>
        <source>Options of this chat</source>
        <translation>Параметры чата</translation>
    </message>
    <message>
        <source>What the model is told before everything else</source>
        <translation>Что модели говорится прежде всего остального</translation>
    </message>
    <message>
        <source>Left to the server</source>
        <translation>На усмотрение сервера</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Нет</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>Системная подсказка</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Температура</translation>
    </message>
    <message>
        <source>Top p</source>
        <translation>Top p</translation>
    </message>
    <message>
        <source>Tokens of a reply at the most</source>
        <translation>Токенов в ответе, не более</translation>
    </message>
    <message>
        <source>Stops at</source>
        <translation>Остановка на</translation>
    </message>
    <message>
        <source>Words apart from each other; \s is a blank, \n a new line</source>
        <translation>Слова через пробел; \s — пробел, \n — новая строка</translation>
    </message>
    <message>
        <source>{name} is asked with these from the next message on.</source>
        <translation>Действуют для {name}, начиная со следующего сообщения.</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Применить</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Сбросить</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Attach files</source>
        <translation>Прикрепить файлы</translation>
    </message>
    <message>
        <source>Attach images, texts or PDF files</source>
        <translation>Прикрепить изображения, тексты или файлы PDF</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Сообщение</translation>
    </message>
    <message>
        <source>Message {name}…</source>
        <translation>Сообщение для «{name}»…</translation>
    </message>
    <message>
        <source>Ctrl+Enter sends, Enter for a new line</source>
        <translation>Ctrl+Enter — отправить, Enter — новая строка</translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter for a new line</source>
        <translation>Enter — отправить, Shift+Enter — новая строка</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Стоп</translation>
    </message>
    <message>
        <source>Stop the reply (Esc)</source>
        <translation>Остановить ответ (Esc)</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Отправить</translation>
    </message>
    <message>
        <source>Send the message</source>
        <translation>Отправить сообщение</translation>
    </message>
</context>
<context>
    <name>ConnectionList</name>
    <message>
        <source>Connections</source>
        <translation>Подключения</translation>
    </message>
    <message>
        <source>Drag a connection to its place, or move it with Alt+↑ and Alt+↓</source>
        <translation>Перетащите подключение на его место или переместите клавишами Alt+↑ и Alt+↓</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Добавить</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Ещё</translation>
    </message>
    <message>
        <source>Duplicate, move, remove</source>
        <translation>Дублировать, переместить, удалить</translation>
    </message>
    <message>
        <source>Use for new chats</source>
        <translation>Использовать для новых чатов</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Дублировать</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Переместить выше</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Переместить ниже</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>Answers new chats</source>
        <translation>Отвечает в новых чатах</translation>
    </message>
</context>
<context>
    <name>ConnectionTest</name>
    <message>
        <source>The way to the server</source>
        <translation>Путь к серверу</translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation>Проверка…</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Остановлено.</translation>
    </message>
    <message>
        <source>It answers.</source>
        <translation>Отвечает.</translation>
    </message>
    <message>
        <source>works</source>
        <translation>работает</translation>
    </message>
    <message>
        <source>fails</source>
        <translation>не работает</translation>
    </message>
    <message>
        <source>{count} of {all} addresses answer.</source>
        <translation>Отвечают адреса: {count} из {all}.</translation>
    </message>
</context>
<context>
    <name>ConnectionsPage</name>
    <message>
        <source>Addresses of the same, with blanks between them, tried one after the other</source>
        <translation>Адреса того же сервера через пробел, пробуются по очереди</translation>
    </message>
    <message>
        <source>Chosen by the server</source>
        <translation>Выбирает сервер</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Выбрать…</translation>
    </message>
    <message>
        <source>Get a key…</source>
        <translation>Получить ключ…</translation>
    </message>
    <message>
        <source>Proxy and encryption…</source>
        <translation>Прокси и шифрование…</translation>
    </message>
    <message>
        <source>What this connection has of its own; it is saved first</source>
        <translation>Что у этого подключения своё; сначала оно сохраняется</translation>
    </message>
    <message>
        <source>It checks no certificate: whoever is between can read and change everything.</source>
        <translation>Сертификат не проверяется: всякий, кто окажется на пути, может всё прочесть и изменить.</translation>
    </message>
    <message>
        <source>Use for new chats</source>
        <translation>Использовать для новых чатов</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Сохранить</translation>
    </message>
    <message>
        <source>Keep for this session only</source>
        <translation>Запомнить только до выхода</translation>
    </message>
    <message>
        <source>Try the way to the server with what is entered here; it is asked one short question</source>
        <translation>Проверить путь к серверу с тем, что здесь введено; ему задаётся один короткий вопрос</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Название</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Адрес</translation>
    </message>
    <message>
        <source>If it is not reached</source>
        <translation>Если недоступен</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Модель</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Сеть</translation>
    </message>
    <message>
        <source>Choose a model’s file, or fetch one.</source>
        <translation>Выберите файл модели или загрузите его.</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Сохранено.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Проверить</translation>
    </message>
    <message>
        <source>{name} (copy)</source>
        <translation>{name} (копия)</translation>
    </message>
    <message>
        <source>The model in this file runs on this computer and needs no network.</source>
        <translation>Модель из этого файла работает на этом компьютере, сеть ей не нужна.</translation>
    </message>
    <message>
        <source>This program came without its model. Choose the file of one, or fetch one from an address: it runs on this computer and needs no network.</source>
        <translation>Программа установлена без модели. Выберите файл модели или загрузите его по адресу: она работает на этом компьютере и не требует сети.</translation>
    </message>
    <message>
        <source>SmolLM2 runs on this computer and needs no network. It is a tiny model: English, often wrong.</source>
        <translation>SmolLM2 работает на этом компьютере без сети. Это крошечная модель: знает английский и часто ошибается.</translation>
    </message>
    <message>
        <source>The server chooses its model. Its key and password are stored in the keyring.</source>
        <translation>Модель выбирает сервер. Его ключ и пароль хранятся в системном хранилище ключей.</translation>
    </message>
    <message>
        <source>Speaks the protocol of OpenAI’s chat completions. A key is stored in the keyring.</source>
        <translation>Говорит по протоколу чатов OpenAI. Ключ хранится в системном хранилище.</translation>
    </message>
    <message>
        <source>Stored; type to replace it</source>
        <translation>Сохранено; введите новое, чтобы заменить</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Нет</translation>
    </message>
</context>
<context>
    <name>ConversationList</name>
    <message>
        <source>Conversations</source>
        <translation>Беседы</translation>
    </message>
    <message>
        <source>Chats will be here.</source>
        <translation>Здесь будут чаты.</translation>
    </message>
    <message>
        <source>Nothing is archived.</source>
        <translation>Архив пуст.</translation>
    </message>
    <message>
        <source>The trash is empty.</source>
        <translation>Корзина пуста.</translation>
    </message>
</context>
<context>
    <name>EditingNote</name>
    <message>
        <source>Editing an earlier message</source>
        <translation>Правка прежнего сообщения</translation>
    </message>
    <message>
        <source>Cancel (Esc)</source>
        <translation>Отменить (Esc)</translation>
    </message>
    <message>
        <source>Cancel editing</source>
        <translation>Отменить правку</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>Экспорт</translation>
    </message>
    <message>
        <source>Search titles</source>
        <translation>Поиск по названиям</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Папка</translation>
    </message>
    <message>
        <source>All chats</source>
        <translation>Все чаты</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Архив</translation>
    </message>
    <message>
        <source>All that are listed</source>
        <translation>Все в списке</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>Чаты</translation>
    </message>
    <message>
        <source>With what the models thought</source>
        <translation>С мыслями моделей</translation>
    </message>
    <message>
        <source>With other versions of messages</source>
        <translation>С другими версиями сообщений</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Экспорт…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Формат</translation>
    </message>
    <message>
        <source>Chosen: {count}</source>
        <translation>Выбрано: {count}</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Find in this chat</source>
        <translation>Найти в этом чате</translation>
    </message>
    <message>
        <source>Previous (Shift+Enter)</source>
        <translation>Назад (Shift+Enter)</translation>
    </message>
    <message>
        <source>Next (Enter)</source>
        <translation>Дальше (Enter)</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Закрыть (Esc)</translation>
    </message>
    <message>
        <source>{total} so far…</source>
        <translation>Пока {total}…</translation>
    </message>
    <message>
        <source>Nothing was found.</source>
        <translation>Ничего не найдено.</translation>
    </message>
    <message>
        <source>{number} of {total}</source>
        <translation>{number} из {total}</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <source>Another language is used from the next start on.</source>
        <translation>Другой язык включится при следующем запуске.</translation>
    </message>
    <message>
        <source>None: nothing is asked</source>
        <translation>Нет: ничего не запрашивается</translation>
    </message>
    <message>
        <source>It is asked once a day, and told nothing of you. Nothing is fetched or installed.</source>
        <translation>Он запрашивается раз в день и ничего не узнаёт о вас. Ничего не загружается и не устанавливается.</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>The history is damaged and is being repaired. Please wait; nothing is thrown away.</source>
        <translation>История повреждена и восстанавливается. Подождите, ничего не выбрасывается.</translation>
    </message>
    <message>
        <source>A part of the history was damaged and was made anew. All messages are there.</source>
        <translation>Часть истории была повреждена и создана заново. Все сообщения на месте.</translation>
    </message>
    <message>
        <source>The history was damaged. What could be read of it is here: chats: {chats}, messages: {messages}. The damaged file is kept as {file} in {folder}.</source>
        <translation>История была повреждена. Всё, что удалось прочитать, здесь: чатов: {chats}, сообщений: {messages}. Повреждённый файл сохранён как {file} в {folder}.</translation>
    </message>
    <message>
        <source>Messages taken from the last snapshot: {count}.</source>
        <translation>Сообщений взято из последней копии: {count}.</translation>
    </message>
</context>
<context>
    <name>LicencesDialog</name>
    <message>
        <source>Licences</source>
        <translation>Лицензии</translation>
    </message>
    <message>
        <source>What this program is made of</source>
        <translation>Из чего состоит программа</translation>
    </message>
    <message>
        <source>Its licence</source>
        <translation>Лицензия</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>A reply is still being written. If you quit now, what has arrived is kept.</source>
        <translation>Ответ ещё пишется. Если выйти сейчас, полученная часть сохранится.</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Выйти</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Остаться</translation>
    </message>
    <message>
        <source>What arrived last could not be written yet. If you quit now, it is lost.</source>
        <translation>Последнее из полученного ещё не записано. Если выйти сейчас, оно пропадёт.</translation>
    </message>
    <message>
        <source>The program made a mistake ({name}). Your conversations are kept.</source>
        <translation>В программе произошла ошибка ({name}). Ваши беседы сохранены.</translation>
    </message>
    <message>
        <source>The reply in “{title}” goes on being written.</source>
        <translation>Ответ в «{title}» продолжает писаться.</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Новый чат</translation>
    </message>
    <message>
        <source>Close pane</source>
        <translation>Закрыть панель</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Вернуть</translation>
    </message>
    <message>
        <source>{name} is here.</source>
        <translation>Файл {name} загружен.</translation>
    </message>
    <message>
        <source>Make it a connection…</source>
        <translation>Создать подключение…</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Переименовать</translation>
    </message>
    <message>
        <source>Title of this chat:</source>
        <translation>Название этого чата:</translation>
    </message>
    <message>
        <source>“{title}” was deleted on another computer.</source>
        <translation>Чат «{title}» удалён на другом компьютере.</translation>
    </message>
</context>
<context>
    <name>MessageActions</name>
    <message>
        <source>Copy message</source>
        <translation>Копировать сообщение</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Изменить</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>Ответить заново</translation>
    </message>
    <message>
        <source>Actions of the message of {author}</source>
        <translation>Действия с сообщением ({author})</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Ещё</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Dismiss</source>
        <translation>Скрыть</translation>
    </message>
</context>
<context>
    <name>MessageMenu</name>
    <message>
        <source>Select all</source>
        <translation>Выделить всё</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Copy code block</source>
        <translation>Копировать код</translation>
    </message>
    <message>
        <source>Open link…</source>
        <translation>Открыть ссылку…</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>Копировать ссылку</translation>
    </message>
    <message>
        <source>Copy message</source>
        <translation>Копировать сообщение</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>Копировать как Markdown</translation>
    </message>
    <message>
        <source>Copy as plain text</source>
        <translation>Копировать как простой текст</translation>
    </message>
    <message>
        <source>Copy image</source>
        <translation>Копировать изображение</translation>
    </message>
    <message>
        <source>Save image…</source>
        <translation>Сохранить изображение…</translation>
    </message>
    <message>
        <source>Load image</source>
        <translation>Загрузить изображение</translation>
    </message>
    <message>
        <source>Quote the selection</source>
        <translation>Цитировать выделенное</translation>
    </message>
    <message>
        <source>Quote</source>
        <translation>Цитировать</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Изменить</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>Ответить заново</translation>
    </message>
    <message>
        <source>Previous version</source>
        <translation>Предыдущая версия</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>Следующая версия</translation>
    </message>
</context>
<context>
    <name>ModelFile</name>
    <message>
        <source>Choose a file, drop one here, or fetch one</source>
        <translation>Выберите, перетащите или скачайте файл</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Выбрать…</translation>
    </message>
    <message>
        <source>SHA-256, if it is known</source>
        <translation>SHA-256, если известна</translation>
    </message>
    <message>
        <source>Fetch</source>
        <translation>Скачать</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Файл</translation>
    </message>
    <message>
        <source>Context, in tokens</source>
        <translation>Контекст, токенов</translation>
    </message>
    <message>
        <source>Fetch from</source>
        <translation>Скачать с адреса</translation>
    </message>
    <message>
        <source>Checksum</source>
        <translation>Контрольная сумма</translation>
    </message>
    <message>
        <source>The file cannot be read ({reason}).</source>
        <translation>Файл не читается ({reason}).</translation>
    </message>
    <message>
        <source>Made for {count} tokens of context.</source>
        <translation>Рассчитана на контекст в {count} токенов.</translation>
    </message>
    <message>
        <source>It does not say how conversations are put to it: a common way is taken.</source>
        <translation>В нём нет шаблона разговора: будет взят обычный.</translation>
    </message>
    <message>
        <source>Takes about {needed} of memory; {free} are free.</source>
        <translation>Займёт около {needed} памяти; свободно {free}.</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>Выберите модель</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>Модели (*.gguf)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Все файлы (*)</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Fetching {name}: {there} of {whole}</source>
        <translation>Скачивается {name}: {there} из {whole}</translation>
    </message>
    <message>
        <source>Fetching {name}…</source>
        <translation>Скачивается {name}…</translation>
    </message>
    <message>
        <source>{name} is here.</source>
        <translation>Файл {name} загружен.</translation>
    </message>
    <message>
        <source>Stopped. Fetch again goes on from here.</source>
        <translation>Остановлено. Скачивание продолжится с этого места.</translation>
    </message>
</context>
<context>
    <name>ModelPanel</name>
    <message>
        <source>Find or type a model</source>
        <translation>Найти или ввести модель</translation>
    </message>
    <message>
        <source>Ask the servers for their models again</source>
        <translation>Спросить серверы о моделях заново</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Обновить</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Модели</translation>
    </message>
    <message>
        <source>Manage connections…</source>
        <translation>Настроить подключения…</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>Запрашивается…</translation>
    </message>
    <message>
        <source>It names none: type one</source>
        <translation>Список пуст: введите имя</translation>
    </message>
    <message>
        <source>Ctrl+D marks it as a favourite</source>
        <translation>Ctrl+D — в избранное</translation>
    </message>
    <message>
        <source>Reads up to {count} tokens. {star}</source>
        <translation>Читает до {count} токенов. {star}</translation>
    </message>
    <message>
        <source>{count} more</source>
        <translation>Ещё {count}</translation>
    </message>
    <message>
        <source>Use “{model}”</source>
        <translation>Использовать «{model}»</translation>
    </message>
</context>
<context>
    <name>NetworkPage</name>
    <message>
        <source>Store in the keyring</source>
        <translation>Сохранить в хранилище ключей</translation>
    </message>
    <message>
        <source>Keep for this session only</source>
        <translation>Запомнить только до выхода</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Подключение</translation>
    </message>
    <message>
        <source>For all connections</source>
        <translation>Для всех подключений</translation>
    </message>
    <message>
        <source>For “{name}”</source>
        <translation>Для «{name}»</translation>
    </message>
    <message>
        <source>How long is waited</source>
        <translation>Сколько ждать</translation>
    </message>
    <message>
        <source> s</source>
        <translation> с</translation>
    </message>
    <message>
        <source>Encryption (TLS)</source>
        <translation>Шифрование (TLS)</translation>
    </message>
    <message>
        <source>No host, network or port: {entries}</source>
        <translation>Это не узел, не сеть и не порт: {entries}</translation>
    </message>
    <message>
        <source>In use until the program ends.</source>
        <translation>Используется до выхода из программы.</translation>
    </message>
    <message>
        <source>Stored in the keyring, in use.</source>
        <translation>Сохранено в хранилище ключей и используется.</translation>
    </message>
    <message>
        <source>Requests to this computer itself never go through a proxy.</source>
        <translation>Запросы к самому этому компьютеру никогда не идут через прокси.</translation>
    </message>
</context>
<context>
    <name>NewValue</name>
    <message>
        <source>Replace</source>
        <translation>Заменить</translation>
    </message>
</context>
<context>
    <name>Pane</name>
    <message>
        <source>What is on your mind?</source>
        <translation>О чём поговорим?</translation>
    </message>
    <message>
        <source>Connect to another server…</source>
        <translation>Подключиться к другому серверу…</translation>
    </message>
    <message>
        <source>Export as PDF</source>
        <translation>Экспорт в PDF</translation>
    </message>
    <message>
        <source>The chat was written to {file}.</source>
        <translation>Чат записан в {file}.</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Вы</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>Ответ</translation>
    </message>
    <message>
        <source>Options of this chat</source>
        <translation>Параметры чата</translation>
    </message>
    <message>
        <source>Writing the PDF… {part}</source>
        <translation>Запись PDF… {part}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>The export was cancelled. No file was written.</source>
        <translation>Экспорт отменён. Файл не записан.</translation>
    </message>
    <message>
        <source>Printing… {part}</source>
        <translation>Печать… {part}</translation>
    </message>
    <message>
        <source>Stop the reply</source>
        <translation>Остановить ответ</translation>
    </message>
    <message>
        <source>Another version can be shown when this reply has ended.</source>
        <translation>Другую версию можно показать, когда этот ответ закончится.</translation>
    </message>
    <message>
        <source>image.png</source>
        <translation>изображение.png</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>Прикрепить файлы</translation>
    </message>
    <message>
        <source>Waiting for the first word…</source>
        <translation>Ожидание первого слова…</translation>
    </message>
    <message>
        <source>Trying again in {seconds} s…</source>
        <translation>Повтор через {seconds} с…</translation>
    </message>
    <message>
        <source>Loading the model… {percent} %</source>
        <translation>Загрузка модели… {percent} %</translation>
    </message>
    <message>
        <source>Starting the embedded model…</source>
        <translation>Запуск встроенной модели…</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Чтение…</translation>
    </message>
    <message>
        <source>Reading… {percent} %</source>
        <translation>Чтение… {percent} %</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Продолжить</translation>
    </message>
    <message>
        <source>What had arrived is kept.</source>
        <translation>Полученная часть сохранена.</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>Проверить подключение</translation>
    </message>
    <message>
        <source>The program ended before this reply was complete. What had arrived is kept.</source>
        <translation>Программа завершилась раньше, чем пришёл весь ответ. Полученная часть сохранена.</translation>
    </message>
    <message>
        <source>The reply was stopped.</source>
        <translation>Ответ остановлен.</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Повторить</translation>
    </message>
    <message>
        <source>This message has no reply yet.</source>
        <translation>На это сообщение ещё нет ответа.</translation>
    </message>
    <message>
        <source>Enter for this session…</source>
        <translation>Ввести на этот сеанс…</translation>
    </message>
    <message>
        <source>The system’s keyring is back.</source>
        <translation>Системное хранилище ключей снова доступно.</translation>
    </message>
    <message>
        <source>Save image</source>
        <translation>Сохранить изображение</translation>
    </message>
    <message>
        <source>The image was written to {file}.</source>
        <translation>Изображение записано в {file}.</translation>
    </message>
    <message>
        <source>This link leads to {address}</source>
        <translation>Эта ссылка ведёт на {address}</translation>
    </message>
    <message>
        <source>Open in the browser</source>
        <translation>Открыть в браузере</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>This connection checks no certificate: whoever is between can read and change everything.</source>
        <translation>Это подключение не проверяет сертификаты: тот, кто находится посередине, может всё прочитать и изменить.</translation>
    </message>
    <message>
        <source>A small model on this computer answers: no account, no network. It is often wrong.</source>
        <translation>Отвечает небольшая модель на этом компьютере: без учётной записи и без сети. Она часто ошибается.</translation>
    </message>
    <message>
        <source>{name} answers.</source>
        <translation>Отвечает «{name}».</translation>
    </message>
    <message>
        <source>{name} takes no images: of those in this chat it is told the names.</source>
        <translation>{name} не принимает изображений: из тех, что в этом чате, оно узнает только имена.</translation>
    </message>
    <message>
        <source>Options of this chat: some were chosen</source>
        <translation>Параметры чата: некоторые заданы</translation>
    </message>
</context>
<context>
    <name>Picker</name>
    <message>
        <source>Connection and model</source>
        <translation>Подключение и модель</translation>
    </message>
    <message>
        <source>Who answers in this chat</source>
        <translation>Кто отвечает в этом чате</translation>
    </message>
</context>
<context>
    <name>Pictures</name>
    <message>
        <source>Image</source>
        <translation>Изображение</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Повторить</translation>
    </message>
    <message>
        <source>Load image</source>
        <translation>Загрузить</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Загрузка…</translation>
    </message>
    <message>
        <source>Loading… {percent} %</source>
        <translation>Загрузка… {percent} %</translation>
    </message>
</context>
<context>
    <name>ProxyFields</name>
    <message>
        <source>Address</source>
        <translation>Адрес</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>Имя пользователя</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Пароль</translation>
    </message>
    <message>
        <source>Kind of proxy</source>
        <translation>Вид прокси</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Порт</translation>
    </message>
</context>
<context>
    <name>SearchPanel</name>
    <message>
        <source>Search all chats</source>
        <translation>Поиск по всем чатам</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Найденное</translation>
    </message>
    <message>
        <source>Enter opens, ↑ ↓ choose, Esc leaves</source>
        <translation>Enter — открыть, ↑ ↓ — выбрать, Esc — выйти</translation>
    </message>
    <message>
        <source>Nothing was found.</source>
        <translation>Ничего не найдено.</translation>
    </message>
    <message>
        <source>Words, &quot;a phrase&quot;, -without</source>
        <translation>Слова, &quot;фраза&quot;, -без этого</translation>
    </message>
    <message>
        <source>Archived · {time}</source>
        <translation>В архиве · {time}</translation>
    </message>
    <message>
        <source>You: </source>
        <translation>Вы: </translation>
    </message>
</context>
<context>
    <name>SecretsPage</name>
    <message>
        <source>In the system’s keyring</source>
        <translation>В системном хранилище ключей</translation>
    </message>
    <message>
        <source>Secrets</source>
        <translation>Секреты</translation>
    </message>
    <message>
        <source>Replace…</source>
        <translation>Заменить…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>The proxy for all connections</source>
        <translation>Прокси для всех подключений</translation>
    </message>
    <message>
        <source>Kept by {keyring}, named “GPROChat” there.</source>
        <translation>Хранит {keyring}, под именем «GPROChat».</translation>
    </message>
</context>
<context>
    <name>SessionSecrets</name>
    <message>
        <source>Keep for this session only</source>
        <translation>Хранить только до конца сеанса</translation>
    </message>
    <message>
        <source>What is entered here for “{name}” is kept in memory until the program ends, and in no file.</source>
        <translation>Введённое здесь для «{name}» хранится в памяти до завершения программы и ни в каком файле.</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Использовать</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Разделы</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Общие</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Подключения</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Сеть</translation>
    </message>
    <message>
        <source>Secrets</source>
        <translation>Секреты</translation>
    </message>
    <message>
        <source>Sync</source>
        <translation>Синхронизация</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Сочетания клавиш</translation>
    </message>
    <message>
        <source>Send, new line</source>
        <translation>Отправить, новая строка</translation>
    </message>
    <message>
        <source>Enter, Shift+Enter (or as set)</source>
        <translation>Enter, Shift+Enter (или как настроено)</translation>
    </message>
    <message>
        <source>Recall the last message, in an empty input</source>
        <translation>Вернуть последнее сообщение в пустое поле</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Вверх</translation>
    </message>
    <message>
        <source>Go to a pane by its number</source>
        <translation>Перейти к панели по номеру</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>New chat</source>
        <translation>Новый чат</translation>
    </message>
    <message>
        <source>Order and folders</source>
        <translation>Порядок и папки</translation>
    </message>
    <message>
        <source>Search all chats</source>
        <translation>Поиск по всем чатам</translation>
    </message>
    <message>
        <source>New folder…</source>
        <translation>Новая папка…</translation>
    </message>
</context>
<context>
    <name>SyncPage</name>
    <message>
        <source>No folder: conversations stay on this computer</source>
        <translation>Папки нет: чаты остаются на этом компьютере</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Выбрать…</translation>
    </message>
    <message>
        <source>Stop using it</source>
        <translation>Больше не использовать</translation>
    </message>
    <message>
        <source>Choose a folder that your own sync program (Syncthing, Nextcloud, Dropbox and the like) keeps equal on several computers. GPROChat on each of them then has the same conversations.</source>
        <translation>Выберите папку, которую ваша программа синхронизации (Syncthing, Nextcloud, Dropbox и подобные) держит одинаковой на нескольких компьютерах. Тогда в GPROChat на каждом из них будут одни и те же чаты.</translation>
    </message>
    <message>
        <source>All conversations and their folders are written there in plain text: whoever can read the folder can read them. No key and no password is among it; connections are set up on each computer.</source>
        <translation>Все чаты и их папки записываются туда открытым текстом: кто может читать папку, может читать и их. Ключей и паролей там нет; подключения настраиваются на каждом компьютере.</translation>
    </message>
    <message>
        <source>Looking into the folder…</source>
        <translation>Папка просматривается…</translation>
    </message>
    <message>
        <source>Equal with the folder at {time}.</source>
        <translation>Сверено с папкой в {time}.</translation>
    </message>
    <message>
        <source>Files there that cannot be read yet: {count}.</source>
        <translation>Файлов, которые пока нельзя прочитать: {count}.</translation>
    </message>
</context>
<context>
    <name>Thoughts</name>
    <message>
        <source>Thought for {seconds} s</source>
        <translation>Размышление: {seconds} с</translation>
    </message>
    <message>
        <source>Thinking…</source>
        <translation>Размышляет…</translation>
    </message>
    <message>
        <source>Thoughts</source>
        <translation>Размышления</translation>
    </message>
</context>
<context>
    <name>TlsFields</name>
    <message>
        <source>More authorities</source>
        <translation>Ещё удостоверяющие центры</translation>
    </message>
    <message>
        <source>Client certificate</source>
        <translation>Сертификат клиента</translation>
    </message>
    <message>
        <source>Its key, if in another file</source>
        <translation>Его ключ, если в другом файле</translation>
    </message>
    <message>
        <source>Check who the server is</source>
        <translation>Проверять подлинность сервера</translation>
    </message>
    <message>
        <source>Unchecked, whoever is between can read and change everything. The chats with it say so.</source>
        <translation>Без проверки тот, кто находится посередине, может всё прочитать и изменить. Чаты с этим подключением об этом напоминают.</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Выбрать…</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Conversation</source>
        <translation>Беседа</translation>
    </message>
    <message>
        <source>Jump to latest</source>
        <translation>К последнему</translation>
    </message>
    <message>
        <source>Show the other version</source>
        <translation>Показать другой вариант</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Остановлено.</translation>
    </message>
    <message>
        <source>Interrupted: the program ended while this was being written.</source>
        <translation>Прервано: программа завершилась, пока это писалось.</translation>
    </message>
</context>
<context>
    <name>Transfers</name>
    <message>
        <source>Exporting… {part}</source>
        <translation>Экспорт… {part}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>The export was cancelled. No file was written.</source>
        <translation>Экспорт отменён. Файл не записан.</translation>
    </message>
    <message>
        <source>The chat was written to {file}.</source>
        <translation>Чат записан в {file}.</translation>
    </message>
    <message>
        <source>Chats written to {file}: {count}.</source>
        <translation>Чатов записано в {file}: {count}.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Открыть папку</translation>
    </message>
    <message>
        <source>Histories of GPROChat, ChatGPT, Claude, Open WebUI, Chatbox (*.json *.zip)</source>
        <translation>Истории GPROChat, ChatGPT, Claude, Open WebUI, Chatbox (*.json *.zip)</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Все файлы</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Импорт</translation>
    </message>
    <message>
        <source>Import the chats in {names}?</source>
        <translation>Импортировать чаты из {names}?</translation>
    </message>
    <message>
        <source>Attach</source>
        <translation>Прикрепить</translation>
    </message>
    <message>
        <source>Importing {file}… {part}</source>
        <translation>Импорт {file}… {part}</translation>
    </message>
    <message>
        <source>The import of {file} was cancelled. Nothing was changed.</source>
        <translation>Импорт {file} отменён. Ничего не изменилось.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Отменить</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Восстановить</translation>
    </message>
    <message>
        <source>Chats imported: {count}.</source>
        <translation>Чатов импортировано: {count}.</translation>
    </message>
    <message>
        <source>There already: {count}.</source>
        <translation>Уже были здесь: {count}.</translation>
    </message>
    <message>
        <source>Of these with something new: {count}.</source>
        <translation>Из них пополнено: {count}.</translation>
    </message>
    <message>
        <source>Of these in the trash, where they stay: {count}.</source>
        <translation>Из них в корзине, где и останутся: {count}.</translation>
    </message>
    <message>
        <source>Removed for good before, and left out: {count}.</source>
        <translation>Удалено навсегда раньше и пропущено: {count}.</translation>
    </message>
    <message>
        <source>What was imported is in the trash now.</source>
        <translation>Импортированное теперь в корзине.</translation>
    </message>
</context>
<context>
    <name>ViewBar</name>
    <message>
        <source>Back to the chats</source>
        <translation>Вернуться к чатам</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>Очистить</translation>
    </message>
    <message>
        <source>Empty the trash</source>
        <translation>Очистить корзину</translation>
    </message>
    <message>
        <source>What is deleted stays here for {days} days.</source>
        <translation>Удалённое хранится здесь дней: {days}.</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>Корзина</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Архив</translation>
    </message>
</context>
<context>
    <name>ViewButtons</name>
    <message>
        <source>Archive</source>
        <translation>Архив</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>Корзина</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Файл</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Правка</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Вид</translation>
    </message>
    <message>
        <source>&amp;Chat</source>
        <translation>&amp;Чат</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Справка</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Новый чат</translation>
    </message>
    <message>
        <source>Close pane</source>
        <translation>Закрыть панель</translation>
    </message>
    <message>
        <source>|Import…</source>
        <translation>|Импорт…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Экспорт…</translation>
    </message>
    <message>
        <source>|Export as PDF…</source>
        <translation>|Экспорт в PDF…</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>Печать…</translation>
    </message>
    <message>
        <source>|Settings…</source>
        <translation>|Настройки…</translation>
    </message>
    <message>
        <source>|Quit</source>
        <translation>|Выйти</translation>
    </message>
    <message>
        <source>Find in this chat…</source>
        <translation>Найти в этом чате…</translation>
    </message>
    <message>
        <source>Find next</source>
        <translation>Найти дальше</translation>
    </message>
    <message>
        <source>Find previous</source>
        <translation>Найти назад</translation>
    </message>
    <message>
        <source>Search all chats…</source>
        <translation>Поиск по всем чатам…</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Copy last reply</source>
        <translation>Копировать последний ответ</translation>
    </message>
    <message>
        <source>Copy last code block</source>
        <translation>Копировать последний блок кода</translation>
    </message>
    <message>
        <source>Sidebar</source>
        <translation>Боковая панель</translation>
    </message>
    <message>
        <source>|Next pane</source>
        <translation>|Следующая панель</translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation>Предыдущая панель</translation>
    </message>
    <message>
        <source>|Zoom in</source>
        <translation>|Крупнее</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Мельче</translation>
    </message>
    <message>
        <source>Normal size</source>
        <translation>Обычный размер</translation>
    </message>
    <message>
        <source>|Wrap long lines of code</source>
        <translation>|Переносить длинные строки кода</translation>
    </message>
    <message>
        <source>Stop the reply</source>
        <translation>Остановить ответ</translation>
    </message>
    <message>
        <source>Regenerate the last reply</source>
        <translation>Ответить заново</translation>
    </message>
    <message>
        <source>Edit your last message</source>
        <translation>Изменить своё последнее сообщение</translation>
    </message>
    <message>
        <source>|Message above</source>
        <translation>|Сообщение выше</translation>
    </message>
    <message>
        <source>Message below</source>
        <translation>Сообщение ниже</translation>
    </message>
    <message>
        <source>|Choose the model…</source>
        <translation>|Выбрать модель…</translation>
    </message>
    <message>
        <source>Options of this chat…</source>
        <translation>Параметры чата…</translation>
    </message>
    <message>
        <source>Thoughts of the last reply</source>
        <translation>Размышления последнего ответа</translation>
    </message>
    <message>
        <source>|Rename…</source>
        <translation>|Переименовать…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Сочетания клавиш</translation>
    </message>
    <message>
        <source>|About GPROChat</source>
        <translation>|О программе GPROChat</translation>
    </message>
</context>
<context>
    <name>attachments</name>
    <message>
        <source>… and {count} more.</source>
        <translation>… и ещё {count}.</translation>
    </message>
    <message>
        <source>Reading {name}…</source>
        <translation>Чтение {name}…</translation>
    </message>
</context>
<context>
    <name>connections</name>
    <message>
        <source>Secret key</source>
        <translation>Секретный ключ</translation>
    </message>
    <message>
        <source>Site password</source>
        <translation>Пароль сайта</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>Ключ API</translation>
    </message>
    <message>
        <source>GPROChat server</source>
        <translation>Сервер GPROChat</translation>
    </message>
    <message>
        <source>Other OpenAI-compatible server</source>
        <translation>Другой сервер, совместимый с OpenAI</translation>
    </message>
    <message>
        <source>GGUF file on this machine</source>
        <translation>Файл GGUF на этом компьютере</translation>
    </message>
    <message>
        <source>OpenAI-compatible server</source>
        <translation>Сервер, совместимый с OpenAI</translation>
    </message>
    <message>
        <source>Embedded model</source>
        <translation>Встроенная модель</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Прокси</translation>
    </message>
</context>
<context>
    <name>conversation_menu</name>
    <message>
        <source>Unpin</source>
        <translation>Открепить</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>Закрепить</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Экспорт…</translation>
    </message>
    <message>
        <source>Move to</source>
        <translation>Переместить в</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>В архив</translation>
    </message>
    <message>
        <source>Back to the chats</source>
        <translation>Вернуть в чаты</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>New folder…</source>
        <translation>Новая папка…</translation>
    </message>
    <message>
        <source>No folder</source>
        <translation>Без папки</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Восстановить</translation>
    </message>
    <message>
        <source>Delete for good…</source>
        <translation>Удалить навсегда…</translation>
    </message>
    <message>
        <source>Delete folder</source>
        <translation>Удалить папку</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Переименовать…</translation>
    </message>
</context>
<context>
    <name>copying</name>
    <message>
        <source>Copied to the clipboard</source>
        <translation>Скопировано в буфер обмена</translation>
    </message>
</context>
<context>
    <name>details</name>
    <message>
        <source>1 earlier message not sent</source>
        <translation>1 раннее сообщение не отправлено</translation>
    </message>
    <message>
        <source>{count} earlier messages not sent</source>
        <translation>не отправлено ранних сообщений: {count}</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count} ток.</translation>
    </message>
    <message>
        <source>{count} token</source>
        <translation>{count} ток.</translation>
    </message>
    <message>
        <source>{count} tokens/s</source>
        <translation>{count} ток./с</translation>
    </message>
</context>
<context>
    <name>dialogs</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>Something went wrong.</source>
        <translation>Что-то пошло не так.</translation>
    </message>
    <message>
        <source>The reply could not be had.</source>
        <translation>Ответ получить не удалось.</translation>
    </message>
    <message>
        <source>The connection to {host} failed.</source>
        <translation>Соединение с {host} не удалось.</translation>
    </message>
    <message>
        <source>No server answers at {host}. Is it running, and is the address right?</source>
        <translation>По адресу {host} сервер не отвечает. Запущен ли он и верен ли адрес?</translation>
    </message>
    <message>
        <source>The name {host} is unknown. Check the address, or whether this computer is online.</source>
        <translation>Имя {host} неизвестно. Проверьте адрес и подключение этого компьютера к сети.</translation>
    </message>
    <message>
        <source>{host} could not be reached within {seconds} seconds.</source>
        <translation>Не удалось соединиться с {host} за {seconds} с.</translation>
    </message>
    <message>
        <source>{host} took the question but sent nothing for {seconds} seconds.</source>
        <translation>{host} принял вопрос, но {seconds} с ничего не присылал.</translation>
    </message>
    <message>
        <source>{host} stopped sending in the middle of the reply (nothing for {seconds} seconds).</source>
        <translation>{host} замолчал посреди ответа (тишина {seconds} с).</translation>
    </message>
    <message>
        <source>The connection to {host} broke before the reply was complete.</source>
        <translation>Соединение с {host} оборвалось раньше, чем пришёл весь ответ.</translation>
    </message>
    <message>
        <source>{host} closed the connection without an answer.</source>
        <translation>{host} закрыл соединение, не ответив.</translation>
    </message>
    <message>
        <source>{host} could not prove who it is, so nothing was sent ({reason}).</source>
        <translation>{host} не смог доказать, кто он, поэтому ничего не отправлено ({reason}).</translation>
    </message>
    <message>
        <source>{host} does not speak TLS, so nothing was sent. If it should do without, write http:// before it.</source>
        <translation>{host} не говорит по TLS, поэтому ничего не отправлено. Если так и задумано, начните адрес с http://.</translation>
    </message>
    <message>
        <source>The certificate file {file} of this connection cannot be used, so nothing was sent ({reason}).</source>
        <translation>Файл сертификата {file} этого подключения использовать нельзя, поэтому ничего не отправлено ({reason}).</translation>
    </message>
    <message>
        <source>The proxy {host} failed.</source>
        <translation>Ошибка прокси {host}.</translation>
    </message>
    <message>
        <source>The proxy {host} does not answer. Nothing was sent.</source>
        <translation>Прокси {host} не отвечает. Ничего не отправлено.</translation>
    </message>
    <message>
        <source>The proxy {host} refuses the user name or the password.</source>
        <translation>Прокси {host} не принимает имя пользователя или пароль.</translation>
    </message>
    <message>
        <source>The proxy {host} would not pass the request on ({reason}).</source>
        <translation>Прокси {host} не передал запрос дальше ({reason}).</translation>
    </message>
    <message>
        <source>{host} refused the request. {message}</source>
        <translation>{host} отклонил запрос. {message}</translation>
    </message>
    <message>
        <source>{host} does not answer as this kind of server does (status {status}). Check the address and the kind.</source>
        <translation>{host} отвечает не так, как сервер этого вида (состояние {status}). Проверьте адрес и вид подключения.</translation>
    </message>
    <message>
        <source>{host} refuses the signature: the secret key is not the server&apos;s, or this computer&apos;s clock is wrong.</source>
        <translation>{host} не принимает подпись: секретный ключ не подходит к серверу, или часы этого компьютера идут неверно.</translation>
    </message>
    <message>
        <source>{host} refuses the signature, and its clock is {minutes} minutes from this computer’s. Set the clock first; if that does not help, the secret key is not the server&apos;s.</source>
        <translation>{host} не принимает подпись, а его часы расходятся с часами этого компьютера на {minutes} мин. Сначала поправьте часы; если не поможет, секретный ключ не тот.</translation>
    </message>
    <message>
        <source>{host} refuses the site password.</source>
        <translation>{host} не принимает пароль сайта.</translation>
    </message>
    <message>
        <source>{host} refuses the API key. {message}</source>
        <translation>{host} не принимает ключ API. {message}</translation>
    </message>
    <message>
        <source>{host} asks for a browser check (Turnstile) that only its own web page can pass. Its owner can end that.</source>
        <translation>{host} требует проверку браузера (Turnstile), которую может пройти только его собственная страница. Её может отключить владелец сервера.</translation>
    </message>
    <message>
        <source>{host} does not accept this conversation. {message}</source>
        <translation>{host} не принимает эту беседу. {message}</translation>
    </message>
    <message>
        <source>{host} has no model “{model}”. {message}</source>
        <translation>На {host} нет модели «{model}». {message}</translation>
    </message>
    <message>
        <source>The conversation is longer than the model can read. {message}</source>
        <translation>Беседа длиннее, чем модель может прочесть. {message}</translation>
    </message>
    <message>
        <source>This is more than {host} takes at once. Send less, or smaller attachments. {message}</source>
        <translation>Это больше, чем {host} принимает за раз. Отправьте меньше или вложения поменьше. {message}</translation>
    </message>
    <message>
        <source>Too many requests for now; wait a little and try again. {message}</source>
        <translation>Пока слишком много запросов; подождите немного и повторите. {message}</translation>
    </message>
    <message>
        <source>{host} gives no more replies for now: the quota of its model service is used up. {message}</source>
        <translation>{host} пока больше не отвечает: квота службы моделей исчерпана. {message}</translation>
    </message>
    <message>
        <source>The model is overloaded at the moment. {message}</source>
        <translation>Модель сейчас перегружена. {message}</translation>
    </message>
    <message>
        <source>The model service behind {host} failed: {message}</source>
        <translation>Ошибка службы модели за {host}: {message}</translation>
    </message>
    <message>
        <source>{host} failed (status {status}). {message}</source>
        <translation>Ошибка {host} (состояние {status}). {message}</translation>
    </message>
    <message>
        <source>{host} sent an empty reply.</source>
        <translation>{host} прислал пустой ответ.</translation>
    </message>
    <message>
        <source>The model failed before the reply was complete. {message}</source>
        <translation>Модель отказала раньше, чем ответ был готов. {message}</translation>
    </message>
    <message>
        <source>The reply ends here because it reached its length limit.</source>
        <translation>Ответ обрывается здесь: достигнут предел его длины.</translation>
    </message>
    <message>
        <source>There is no model “{model}” here.</source>
        <translation>Модели «{model}» здесь нет.</translation>
    </message>
    <message>
        <source>The embedded model failed.</source>
        <translation>Ошибка встроенной модели.</translation>
    </message>
    <message>
        <source>The engine of the embedded model is not installed. Other connections work.</source>
        <translation>Движок встроенной модели не установлен. Другие подключения работают.</translation>
    </message>
    <message>
        <source>The embedded model’s file {file} is damaged. Install the program again to mend it.</source>
        <translation>Файл встроенной модели {file} повреждён. Чтобы исправить это, установите программу заново.</translation>
    </message>
    <message>
        <source>{file} cannot be used: {reason}.</source>
        <translation>Файл {file} нельзя использовать: {reason}.</translation>
    </message>
    <message>
        <source>The model file {file} could not be loaded: {reason}</source>
        <translation>Файл модели {file} не удалось загрузить: {reason}</translation>
    </message>
    <message>
        <source>The embedded model ended unexpectedly. Trying again starts it anew. {reason}</source>
        <translation>Встроенная модель неожиданно завершилась. При повторе она запустится снова. {reason}</translation>
    </message>
    <message>
        <source>The file could not be fetched.</source>
        <translation>Не удалось скачать файл.</translation>
    </message>
    <message>
        <source>{host} does not give the file (status {status}).</source>
        <translation>{host} не отдаёт файл (статус {status}).</translation>
    </message>
    <message>
        <source>{file} takes {needed} GB, and {free} GB are free in {folder}.</source>
        <translation>Файлу {file} нужно {needed} ГБ, а в {folder} свободно {free} ГБ.</translation>
    </message>
    <message>
        <source>{file} is not what its checksum says, and was thrown away.</source>
        <translation>Файл {file} не соответствует контрольной сумме и удалён.</translation>
    </message>
    <message>
        <source>The checksum is no SHA-256: that has 64 digits from 0 to 9 and a to f.</source>
        <translation>Контрольная сумма — не SHA-256: в той 64 цифры от 0 до 9 и от a до f.</translation>
    </message>
    <message>
        <source>The file cannot be attached.</source>
        <translation>Файл нельзя прикрепить.</translation>
    </message>
    <message>
        <source>{file} cannot be attached: {reason}.</source>
        <translation>{file} нельзя прикрепить: {reason}.</translation>
    </message>
    <message>
        <source>{connection} takes no images, so nothing was sent. Choose another connection, or remove {file}.</source>
        <translation>{connection} не принимает изображения, поэтому ничего не отправлено. Выберите другое подключение или уберите {file}.</translation>
    </message>
    <message>
        <source>The image cannot be shown.</source>
        <translation>Изображение нельзя показать.</translation>
    </message>
    <message>
        <source>{host} does not give the image (status {status}).</source>
        <translation>{host} не отдаёт изображение (код {status}).</translation>
    </message>
    <message>
        <source>{host} sends on to an address that no image is loaded from.</source>
        <translation>{host} перенаправляет на адрес, с которого изображения не загружаются.</translation>
    </message>
    <message>
        <source>The image is too large: 10 MB and 40 megapixels are shown at the most.</source>
        <translation>Изображение слишком велико: показываются не более 10 МБ и 40 мегапикселей.</translation>
    </message>
    <message>
        <source>This is no image that can be shown, or it is damaged.</source>
        <translation>Это не изображение, которое можно показать, или оно повреждено.</translation>
    </message>
    <message>
        <source>The address holds a login or a “?”. Only the keyring may keep what is secret; leave it out.</source>
        <translation>В адресе есть имя с паролем или «?». Секретам место только в хранилище ключей; уберите это из адреса.</translation>
    </message>
    <message>
        <source>{file} could not be written ({reason}).</source>
        <translation>Не удалось записать {file} ({reason}).</translation>
    </message>
    <message>
        <source>The embedded model’s file {file} is not here. Choose a model’s file, or fetch one, in the settings under Connections; other connections work without it.</source>
        <translation>Файла встроенной модели {file} нет. Выберите файл модели или загрузите его в настройках, в разделе «Подключения»; другие подключения работают и без него.</translation>
    </message>
    <message>
        <source>“{url}” is not an address a server can have. One looks like https://chat.example.org, without a login.</source>
        <translation>«{url}» не может быть адресом сервера. Адрес выглядит так: https://chat.example.org, без имени и пароля.</translation>
    </message>
    <message>
        <source>{file} was not imported.</source>
        <translation>{file} не импортирован.</translation>
    </message>
    <message>
        <source>{file} was not imported: it cannot be read ({reason}).</source>
        <translation>{file} не импортирован: его не удалось прочитать ({reason}).</translation>
    </message>
    <message>
        <source>{file} was not imported: it is no history of GPROChat, ChatGPT, Claude, Open WebUI or Chatbox.</source>
        <translation>{file} не импортирован: это не история GPROChat, ChatGPT, Claude, Open WebUI или Chatbox.</translation>
    </message>
    <message>
        <source>{file} was not imported: its JSON is broken at line {line}, column {column}: {reason}.</source>
        <translation>{file} не импортирован: JSON испорчен в строке {line}, столбце {column}: {reason}.</translation>
    </message>
    <message>
        <source>{file} was not imported: at {place}, {expected} was expected.</source>
        <translation>{file} не импортирован: в {place} ожидалось: {expected}.</translation>
    </message>
    <message>
        <source>{file} was not imported: in line {place}, this was expected: {expected}.</source>
        <translation>{file} не импортирован: в строке {place} ожидалось: {expected}.</translation>
    </message>
    <message>
        <source>{file} was not imported: one of its conversations, or all of it, has more than {limit} MB.</source>
        <translation>{file} не импортирован: один из чатов или весь файл больше {limit} МБ.</translation>
    </message>
    <message>
        <source>The settings could not be used.</source>
        <translation>Настройки использовать не удалось.</translation>
    </message>
    <message>
        <source>The system’s keyring failed.</source>
        <translation>Ошибка системного хранилища ключей.</translation>
    </message>
    <message>
        <source>This system has no keyring to keep secrets in. They can be kept for this session only, never in a file.</source>
        <translation>В этой системе нет хранилища ключей. Секреты можно запомнить только до выхода, но никогда не в файле.</translation>
    </message>
    <message>
        <source>The system’s keyring is locked. Unlock it and try again.</source>
        <translation>Системное хранилище ключей заперто. Отоприте его и повторите.</translation>
    </message>
    <message>
        <source>The system’s keyring does not answer ({seconds} seconds waited).</source>
        <translation>Системное хранилище ключей не отвечает (ожидание {seconds} с).</translation>
    </message>
    <message>
        <source>The system’s keyring cannot hold more than {limit} characters.</source>
        <translation>Системное хранилище ключей вмещает не больше {limit} символов.</translation>
    </message>
    <message>
        <source>The system’s keyring failed ({reason}).</source>
        <translation>Ошибка системного хранилища ключей ({reason}).</translation>
    </message>
    <message>
        <source>This is not a proxy’s address.</source>
        <translation>Это не адрес прокси.</translation>
    </message>
    <message>
        <source>A proxy is one of http, https, socks5, socks5h and socks4.</source>
        <translation>Прокси бывает http, https, socks5, socks5h и socks4.</translation>
    </message>
    <message>
        <source>The proxy’s host is a name or an IP address alone, without http://, login or port.</source>
        <translation>Хост прокси — только имя или IP-адрес, без http://, имени пользователя и порта.</translation>
    </message>
    <message>
        <source>The proxy’s port is a number from 1 to 65535.</source>
        <translation>Порт прокси — число от 1 до 65535.</translation>
    </message>
    <message>
        <source>The proxy’s automatic configuration gave no answer ({reason}).</source>
        <translation>Автоматическая настройка прокси не дала ответа ({reason}).</translation>
    </message>
    <message>
        <source>No proxy is stored in the system’s keyring.</source>
        <translation>В системном хранилище ключей прокси не сохранён.</translation>
    </message>
    <message>
        <source>The proxy setting cannot be read, so nothing was sent. {reason}</source>
        <translation>Настройку прокси прочитать не удалось, поэтому ничего не отправлено. {reason}</translation>
    </message>
    <message>
        <source>There is no connection “{name}”.</source>
        <translation>Подключения «{name}» нет.</translation>
    </message>
    <message>
        <source>The settings in {file} could not be read. The file is kept as {kept}; the defaults are used.</source>
        <translation>Настройки в {file} прочитать не удалось. Файл сохранён как {kept}; используются начальные настройки.</translation>
    </message>
    <message>
        <source>The settings could not be stored in {file} ({reason}).</source>
        <translation>Настройки не удалось сохранить в {file} ({reason}).</translation>
    </message>
    <message>
        <source>The sync folder {folder} cannot be used ({reason}). Your conversations are kept here; it is tried again.</source>
        <translation>Папкой синхронизации {folder} нельзя воспользоваться ({reason}). Чаты хранятся здесь; попытка будет повторена.</translation>
    </message>
    <message>
        <source>The history failed.</source>
        <translation>Ошибка истории.</translation>
    </message>
    <message>
        <source>The history in {file} cannot be used ({reason}). What is on screen stays there.</source>
        <translation>Историю в {file} использовать нельзя ({reason}). То, что на экране, остаётся на нём.</translation>
    </message>
    <message>
        <source>The disk is full: nothing more can be kept in {file}. What is on screen stays there.</source>
        <translation>Диск полон: в {file} больше ничего не сохранить. То, что на экране, остаётся на нём.</translation>
    </message>
    <message>
        <source>The history in {file} was written by a newer version of GPROChat. It can be read and searched here, and nothing is written to it. Install that version to go on.</source>
        <translation>История в {file} записана более новой версией GPROChat. Здесь её можно читать и искать в ней, но в неё ничего не записывается. Чтобы продолжить, установите ту версию.</translation>
    </message>
    <message>
        <source>{file} is another program’s database. It was not changed.</source>
        <translation>{file} — база данных другой программы. Она не изменена.</translation>
    </message>
    <message>
        <source>The history in {file} is damaged ({reason}). The repair keeps what can be read, and the damaged file beside it.</source>
        <translation>История в {file} повреждена ({reason}). Восстановление сохранит всё, что читается, а повреждённый файл останется рядом.</translation>
    </message>
    <message>
        <source>it breaks off here</source>
        <translation>здесь он обрывается</translation>
    </message>
    <message>
        <source>it is not UTF-8 after here</source>
        <translation>дальше это не UTF-8</translation>
    </message>
    <message>
        <source>what begins here is nested too deeply</source>
        <translation>то, что начинается здесь, вложено слишком глубоко</translation>
    </message>
    <message>
        <source>what begins here has a number that is too long</source>
        <translation>в том, что начинается здесь, слишком длинное число</translation>
    </message>
    <message>
        <source>nothing more was expected</source>
        <translation>больше ничего не ожидалось</translation>
    </message>
    <message>
        <source>a value was expected</source>
        <translation>ожидалось значение</translation>
    </message>
    <message>
        <source>a comma or a closing bracket was expected</source>
        <translation>ожидалась запятая или закрывающая скобка</translation>
    </message>
    <message>
        <source>a colon was expected</source>
        <translation>ожидалось двоеточие</translation>
    </message>
    <message>
        <source>a key in quotation marks was expected</source>
        <translation>ожидался ключ в кавычках</translation>
    </message>
    <message>
        <source>a control character stands in a text</source>
        <translation>в тексте стоит управляющий символ</translation>
    </message>
    <message>
        <source>a backslash is followed by what it cannot stand before</source>
        <translation>после обратной черты стоит то, перед чем её быть не может</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>список</translation>
    </message>
    <message>
        <source>a JSON object of the format gprochat-history</source>
        <translation>объект JSON формата gprochat-history</translation>
    </message>
    <message>
        <source>version 1, which is all that this version of GPROChat reads</source>
        <translation>версия 1: других эта версия GPROChat не читает</translation>
    </message>
    <message>
        <source>an array</source>
        <translation>массив</translation>
    </message>
    <message>
        <source>an object with &quot;conversation&quot;, &quot;folder&quot; or &quot;purged&quot;</source>
        <translation>объект с ключом «conversation», «folder» или «purged»</translation>
    </message>
    <message>
        <source>a key, which is a text</source>
        <translation>ключ в виде текста</translation>
    </message>
    <message>
        <source>a colon</source>
        <translation>двоеточие</translation>
    </message>
    <message>
        <source>a comma or }</source>
        <translation>запятая или }</translation>
    </message>
    <message>
        <source>a comma or ]</source>
        <translation>запятая или ]</translation>
    </message>
    <message>
        <source>the end of the file</source>
        <translation>конец файла</translation>
    </message>
    <message>
        <source>valid JSON, and all of it</source>
        <translation>правильный и полный JSON</translation>
    </message>
    <message>
        <source>JSON of less depth and smaller numbers</source>
        <translation>JSON меньшей вложенности и меньшие числа</translation>
    </message>
    <message>
        <source>an id, a text that is not empty</source>
        <translation>идентификатор — непустой текст</translation>
    </message>
    <message>
        <source>an id or null</source>
        <translation>идентификатор или null</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true или false</translation>
    </message>
    <message>
        <source>a time in milliseconds since the epoch</source>
        <translation>время в миллисекундах с начала 1970 года</translation>
    </message>
    <message>
        <source>a number of tokens or null</source>
        <translation>число токенов или null</translation>
    </message>
    <message>
        <source>user, assistant or system</source>
        <translation>user, assistant или system</translation>
    </message>
    <message>
        <source>complete, stopped, failed or interrupted</source>
        <translation>complete, stopped, failed или interrupted</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>объект</translation>
    </message>
    <message>
        <source>a number of milliseconds or null</source>
        <translation>число миллисекунд или null</translation>
    </message>
    <message>
        <source>a number of messages</source>
        <translation>число сообщений</translation>
    </message>
    <message>
        <source>a media type</source>
        <translation>тип содержимого</translation>
    </message>
    <message>
        <source>base64</source>
        <translation>base64</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>текст</translation>
    </message>
    <message>
        <source>a time</source>
        <translation>время</translation>
    </message>
    <message>
        <source>a role</source>
        <translation>роль</translation>
    </message>
    <message>
        <source>a conversation</source>
        <translation>чат</translation>
    </message>
    <message>
        <source>a message</source>
        <translation>сообщение</translation>
    </message>
    <message>
        <source>a message before it that it follows</source>
        <translation>предыдущее сообщение, за которым оно следует</translation>
    </message>
    <message>
        <source>a message that does not follow itself</source>
        <translation>сообщение, которое не следует за самим собой</translation>
    </message>
    <message>
        <source>not a certificate in PEM, or its key is not beside it</source>
        <translation>это не сертификат в PEM, или рядом нет его ключа</translation>
    </message>
    <message>
        <source>its key has a password</source>
        <translation>его ключ закрыт паролем</translation>
    </message>
    <message>
        <source>its process ended</source>
        <translation>её процесс завершился</translation>
    </message>
    <message>
        <source>its answer names no proxy</source>
        <translation>в её ответе нет прокси</translation>
    </message>
    <message>
        <source>it is no GGUF file</source>
        <translation>это не файл GGUF</translation>
    </message>
    <message>
        <source>it is of a version of GGUF that is not known here</source>
        <translation>эта версия GGUF здесь не известна</translation>
    </message>
    <message>
        <source>its header is damaged</source>
        <translation>его заголовок повреждён</translation>
    </message>
    <message>
        <source>it cannot be found or read</source>
        <translation>его не найти или не прочитать</translation>
    </message>
    <message>
        <source>a part of it is missing</source>
        <translation>часть его отсутствует</translation>
    </message>
    <message>
        <source>it is one of several parts, which have to be joined first</source>
        <translation>это одна из нескольких частей, их надо сначала соединить</translation>
    </message>
    <message>
        <source>its model does not write text</source>
        <translation>его модель не пишет текст</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>он слишком велик</translation>
    </message>
    <message>
        <source>it is no text</source>
        <translation>это не текст</translation>
    </message>
    <message>
        <source>its text is not in UTF-8; save it as that</source>
        <translation>его текст не в UTF-8; сохраните его так</translation>
    </message>
    <message>
        <source>pictures of its kind cannot be read; save it as PNG or JPEG</source>
        <translation>изображения такого вида не читаются; сохраните его как PNG или JPEG</translation>
    </message>
    <message>
        <source>there is no text in it</source>
        <translation>в нём нет текста</translation>
    </message>
    <message>
        <source>it asks for a password</source>
        <translation>он защищён паролем</translation>
    </message>
    <message>
        <source>it is damaged</source>
        <translation>он повреждён</translation>
    </message>
    <message>
        <source>it cannot be read</source>
        <translation>он не читается</translation>
    </message>
    <message>
        <source>it is a part of a zip archive, whose end is missing</source>
        <translation>это часть архива zip: конца нет</translation>
    </message>
    <message>
        <source>it is no file</source>
        <translation>это не файл</translation>
    </message>
    <message>
        <source>it is packed in an uncommon way</source>
        <translation>он сжат необычным способом</translation>
    </message>
    <message>
        <source>a database is there, or would be by its name</source>
        <translation>там база данных, или была бы, судя по имени</translation>
    </message>
</context>
<context>
    <name>export</name>
    <message>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <source>Web page (HTML)</source>
        <translation>Веб-страница (HTML)</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>JSON, complete</source>
        <translation>JSON, полностью</translation>
    </message>
    <message>
        <source>Text that other programs read, too. Several chats become files in a zip archive.</source>
        <translation>Текст, который читают и другие программы. Несколько чатов становятся файлами в архиве zip.</translation>
    </message>
    <message>
        <source>One file that opens in every browser, without a network.</source>
        <translation>Один файл, который открывается в любом браузере без сети.</translation>
    </message>
    <message>
        <source>As on paper. Several chats become files in a zip archive.</source>
        <translation>Как на бумаге. Несколько чатов становятся файлами в архиве zip.</translation>
    </message>
    <message>
        <source>One file with everything, which can be imported again.</source>
        <translation>Один файл, в котором есть всё и который можно импортировать снова.</translation>
    </message>
    <message>
        <source>Archive of files (*.zip)</source>
        <translation>Архив файлов (*.zip)</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Экспорт</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Вы</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>Ответ</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>Системная подсказка</translation>
    </message>
    <message>
        <source>Thoughts</source>
        <translation>Мысли</translation>
    </message>
    <message>
        <source>Another version</source>
        <translation>Другая версия</translation>
    </message>
    <message>
        <source>The reply was stopped.</source>
        <translation>Ответ остановлен.</translation>
    </message>
    <message>
        <source>This reply is not complete.</source>
        <translation>Этот ответ неполон.</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Новый чат</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>Содержание</translation>
    </message>
</context>
<context>
    <name>hops</name>
    <message>
        <source>Name</source>
        <translation>Имя</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Прокси</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Соединение</translation>
    </message>
    <message>
        <source>Encryption (TLS)</source>
        <translation>Шифрование (TLS)</translation>
    </message>
    <message>
        <source>HTTP</source>
        <translation>HTTP</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>Вход</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>Подпись</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Модель</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>Первый токен</translation>
    </message>
    <message>
        <source>Change the address</source>
        <translation>Изменить адрес</translation>
    </message>
    <message>
        <source>Change the model</source>
        <translation>Изменить модель</translation>
    </message>
    <message>
        <source>Enter the secret key</source>
        <translation>Ввести секретный ключ</translation>
    </message>
    <message>
        <source>Enter the site password</source>
        <translation>Ввести пароль сайта</translation>
    </message>
    <message>
        <source>Enter the API key</source>
        <translation>Ввести ключ API</translation>
    </message>
    <message>
        <source>Open its encryption settings</source>
        <translation>Открыть настройки шифрования</translation>
    </message>
    <message>
        <source>Open the proxy settings</source>
        <translation>Открыть настройки прокси</translation>
    </message>
    <message>
        <source>Open the limits in time</source>
        <translation>Открыть пределы ожидания</translation>
    </message>
    <message>
        <source>Open the secrets</source>
        <translation>Открыть секреты</translation>
    </message>
    <message>
        <source>{count} ms</source>
        <translation>{count} мс</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count} с</translation>
    </message>
</context>
<context>
    <name>printing</name>
    <message>
        <source>the printer does not take it</source>
        <translation>принтер не принимает</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Language</source>
        <translation>Язык</translation>
    </message>
    <message>
        <source>The system’s</source>
        <translation>Как в системе</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Тема</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Светлая</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Тёмная</translation>
    </message>
    <message>
        <source>Text size in percent</source>
        <translation>Размер текста в процентах</translation>
    </message>
    <message>
        <source>Send with</source>
        <translation>Отправлять по</translation>
    </message>
    <message>
        <source>Enter (Shift+Enter: new line)</source>
        <translation>Enter (Shift+Enter: новая строка)</translation>
    </message>
    <message>
        <source>Ctrl+Enter (Enter: new line)</source>
        <translation>Ctrl+Enter (Enter: новая строка)</translation>
    </message>
    <message>
        <source>Long lines of code</source>
        <translation>Длинные строки кода</translation>
    </message>
    <message>
        <source>Scroll sideways</source>
        <translation>Прокручивать вбок</translation>
    </message>
    <message>
        <source>Wrap</source>
        <translation>Переносить</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Прокси</translation>
    </message>
    <message>
        <source>No proxy</source>
        <translation>Без прокси</translation>
    </message>
    <message>
        <source>Manual (stored in the system’s keyring)</source>
        <translation>Вручную (в системном хранилище ключей)</translation>
    </message>
    <message>
        <source>Automatic configuration (PAC)</source>
        <translation>Автоматическая настройка (PAC)</translation>
    </message>
    <message>
        <source>Address of the PAC file</source>
        <translation>Адрес файла PAC</translation>
    </message>
    <message>
        <source>Never through the proxy</source>
        <translation>Никогда через прокси</translation>
    </message>
    <message>
        <source>Until connected</source>
        <translation>До соединения</translation>
    </message>
    <message>
        <source>Until the first word</source>
        <translation>До первого слова</translation>
    </message>
    <message>
        <source>Silence within a reply</source>
        <translation>Молчание посреди ответа</translation>
    </message>
    <message>
        <source>Connection of new conversations</source>
        <translation>Подключение новых бесед</translation>
    </message>
    <message>
        <source>Sync folder</source>
        <translation>Папка синхронизации</translation>
    </message>
    <message>
        <source>Address that tells of new versions</source>
        <translation>Адрес, который сообщает о новых версиях</translation>
    </message>
    <message>
        <source>As for all connections</source>
        <translation>Как для всех подключений</translation>
    </message>
    <message>
        <source>Its own (stored in the system’s keyring)</source>
        <translation>Свой (в системном хранилище ключей)</translation>
    </message>
</context>
<context>
    <name>sidebar</name>
    <message>
        <source>Pinned</source>
        <translation>Закреплённые</translation>
    </message>
    <message>
        <source>Folder without a name</source>
        <translation>Папка без названия</translation>
    </message>
    <message>
        <source>By title</source>
        <translation>По названию</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Новый чат</translation>
    </message>
    <message>
        <source>Days left: {days}</source>
        <translation>Осталось дней: {days}</translation>
    </message>
    <message>
        <source>By last change</source>
        <translation>По последнему изменению</translation>
    </message>
    <message>
        <source>By creation</source>
        <translation>По времени создания</translation>
    </message>
</context>
<context>
    <name>updates</name>
    <message>
        <source>GPROChat {version} is out: {page}</source>
        <translation>Вышла версия GPROChat {version}: {page}</translation>
    </message>
    <message>
        <source>Open in the browser</source>
        <translation>Открыть в браузере</translation>
    </message>
</context>
<context>
    <name>wording</name>
    <message>
        <source>Retry</source>
        <translation>Повторить</translation>
    </message>
    <message>
        <source>Open connections</source>
        <translation>Открыть подключения</translation>
    </message>
    <message>
        <source>Open proxy settings</source>
        <translation>Открыть настройки прокси</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Новый чат</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>Восстановить</translation>
    </message>
    <message>
        <source>Long ago</source>
        <translation>Очень давно</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Сегодня</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Вчера</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>Предыдущие 7 дней</translation>
    </message>
</context>
</TS>
