; Inno Setup's script, for one person without an administrator. build.py's folder is in dist\gprochat.
;   ISCC.exe /DVersion=0.1.0 /DFolder=..\..\dist\gprochat packaging\windows\gprochat.iss

#ifndef Version
  #error "It wants /DVersion=…"
#endif
#ifndef Folder
  #define Folder "..\..\dist\gprochat"
#endif
#ifndef Suffix
  #define Suffix ""
#endif

[Setup]
AppId={{6F0C5A0E-5B8B-4B0C-9C0A-6B6F3D0E5C11}
AppName=GPROChat
AppVersion={#Version}
AppPublisher=GPROChat contributors
VersionInfoVersion={#Version}
DefaultDirName={localappdata}\Programs\GPROChat
DisableProgramGroupPage=yes
DisableDirPage=auto
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
SetupIconFile=..\..\.cache\icons\gprochat.ico
UninstallDisplayIcon={app}\gprochat.exe
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=GPROChat{#Suffix}-{#Version}-setup
Compression=lzma2/max
SolidCompression=yes
CloseApplications=yes
WizardStyle=modern

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "ru"; MessagesFile: "compiler:Languages\Russian.isl"

[CustomMessages]
en.Autostart=Start GPROChat when I sign in
ru.Autostart=Запускать GPROChat при входе в систему
en.RemoveData=Delete all conversations and settings of GPROChat as well?%n%nThey are in %1. Secrets stay in the Credential Manager.
ru.RemoveData=Удалить также все беседы и настройки GPROChat?%n%nОни находятся в %1. Секреты остаются в диспетчере учётных данных.

[Tasks]
Name: "desktop"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "autostart"; Description: "{cm:Autostart}"; Flags: unchecked

[InstallDelete]
; What an older version had and this one has not.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{autoprograms}\GPROChat"; Filename: "{app}\gprochat.exe"
Name: "{autodesktop}\GPROChat"; Filename: "{app}\gprochat.exe"; Tasks: desktop
Name: "{userstartup}\GPROChat"; Filename: "{app}\gprochat.exe"; Tasks: autostart

[Registry]
Root: HKCU; Subkey: "Software\Classes\gprochat"; ValueType: string; ValueData: "URL:GPROChat"; Flags: uninsdeletekey
Root: HKCU; Subkey: "Software\Classes\gprochat"; ValueType: string; ValueName: "URL Protocol"; ValueData: ""
Root: HKCU; Subkey: "Software\Classes\gprochat\shell\open\command"; ValueType: string; ValueData: """{app}\gprochat.exe"" ""%1"""

[Run]
Filename: "{app}\gprochat.exe"; Description: "{cm:LaunchProgram,GPROChat}"; Flags: nowait postinstall skipifsilent

[Code]
{ The data is the person's: it goes only where they say so, and never when nobody can be asked. }
procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Data: String;
begin
  Data := ExpandConstant('{localappdata}\GPROChat');
  if (CurUninstallStep = usPostUninstall) and DirExists(Data) and not UninstallSilent then
    if MsgBox(FmtMessage(CustomMessage('RemoveData'), [Data]), mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES then
      DelTree(Data, True, True, True);
end;
